package dev.kelpfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class TestDirectoryTest {
    @Test
    void closeDeletesEverythingAlsoWhatWasMadeReadOnly() throws Exception {
        TestDirectory directory = TestDirectory.create("delete me");
        Path deep = Files.createDirectories(directory.resolve("a/b"));
        Files.writeString(deep.resolve("file"), "x");
        assertThat(deep.toFile().setWritable(false)).isTrue();
        directory.close();
        assertThat(directory.path()).doesNotExist();
    }

    @Test
    void keepKeeps() {
        TestDirectory directory = TestDirectory.create("keep me");
        directory.keep();
        directory.close();
        assertThat(directory.path()).isDirectory();
        directory.path().toFile().delete();
    }

    @Test
    @ExtendWith(TestDirectories.class)
    void theExtensionNamesTheDirectoryAfterTheTest(TestDirectory directory) {
        assertThat(directory.path().getFileName().toString()).contains("TestDirectoryTest", "theExtensionNames");
        assertThat(directory.path()).isDirectory();
    }
}
