package dev.kelpfs.benchmarks.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keeps the harness alive on tiny input, with real files. How fast is nobody's business here. */
@ExtendWith(TestDirectories.class)
class StorageHarnessTest {
    @Test
    void measuresAVolumeAndDurableWrites(TestDirectory directory) throws Exception {
        StorageOptions options = StorageOptions.parse("-needles=1000", "-rounds=1", "-seconds=1", "-writers=4", "-volumes=1",
                "-delay-ms=0", "-dir=" + directory.path());
        List<String> lines = StorageHarness.run(options, Ticker.system()).lines().toList();
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("append", "1,000 needles", "/s"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("open, 1,000 needles", " s |"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("fsync, 4 writers, 1 volume, this disk", "/s"));
        assertThat(directory.path()).isEmptyDirectory();
    }

    @Test
    void saysWhatItCannotRead() {
        assertThatThrownBy(() -> StorageOptions.parse("-needels=5"))
                .hasMessageContaining("needels").hasMessageContaining("usage");
        assertThatThrownBy(() -> StorageOptions.parse("-rounds=0")).hasMessageContaining("1 to 99");
        assertThatThrownBy(() -> StorageOptions.parse("-seconds=x")).hasMessageContaining("number");
    }
}
