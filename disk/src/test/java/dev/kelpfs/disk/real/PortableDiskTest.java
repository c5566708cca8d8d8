package dev.kelpfs.disk.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PortableDiskTest extends RealDiskContract {
    @Override
    protected Disk create() {
        return RealDisk.portable();
    }

    @Test
    void neverPromisesToReadWithoutWaiting() throws IOException {
        assertThat(RealDisk.portable().usesNativeCalls()).isFalse();
        store("file", "content");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            assertThat(read(file, 0, 7, true)).isEqualTo("content");
            assertThat(file.readNow(buffer(7, true), 0)).isEqualTo(DiskFile.WOULD_BLOCK);
        }
    }
}
