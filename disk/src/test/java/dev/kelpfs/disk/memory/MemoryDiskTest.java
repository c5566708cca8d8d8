package dev.kelpfs.disk.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskContract;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryDiskTest extends DiskContract {
    private static final Path FILE = Path.of("/file");
    private static final Path OTHER = Path.of("/other");

    @Override
    protected Disk create() {
        return new MemoryDisk();
    }

    @Test
    void fillsUpAndKeepsWhatFits() throws IOException {
        MemoryDisk small = new MemoryDisk(InstantSource.fixed(Instant.EPOCH), 10);
        try (DiskFile file = small.open(FILE, Open.CREATE); DiskFile other = small.open(OTHER, Open.CREATE)) {
            other.write(text("1234"), 0);
            assertThat(small.space(FILE).freeBytes()).isEqualTo(6);
            assertThatThrownBy(() -> file.write(new ByteBuffer[] {text("abc"), text("defgh")}, 0))
                    .isInstanceOf(DiskFullException.class).hasMessageContaining("/file");
            assertThat(content(small, FILE)).isEqualTo("abcdef");
            assertThat(small.space(FILE).freeBytes()).isZero();
            file.write(text("ABCDEF"), 0); // what is there may be overwritten
            assertThatThrownBy(() -> file.write(text("xyz"), 5)).isInstanceOf(DiskFullException.class);
            assertThat(content(small, FILE)).isEqualTo("ABCDEx");
            assertThatThrownBy(() -> file.write(text("x"), Long.MAX_VALUE)).isInstanceOf(DiskFullException.class);
            other.truncate(1);
            file.write(text("yz"), 6);
            assertThat(content(small, FILE)).isEqualTo("ABCDExyz");
            small.rename(FILE, OTHER);
            assertThat(small.space(OTHER).freeBytes()).isEqualTo(2);
            small.delete(OTHER);
            assertThat(small.space(Path.of("/")).freeBytes()).isEqualTo(10);
        }
    }

    @Test
    void whatIsReservedNobodyElseCanTake() throws IOException {
        MemoryDisk small = new MemoryDisk(InstantSource.fixed(Instant.EPOCH), 10);
        try (DiskFile file = small.open(FILE, Open.CREATE); DiskFile other = small.open(OTHER, Open.CREATE)) {
            file.write(text("ab"), 0);
            assertThatThrownBy(() -> file.reserve(11)).isInstanceOf(DiskFullException.class).hasMessageContaining("/file");
            assertThat(small.space(FILE).freeBytes()).as("nothing is kept then").isEqualTo(8);
            file.reserve(7);
            file.reserve(5); // less than there is already
            assertThat(small.space(FILE).freeBytes()).isEqualTo(3);
            assertThatThrownBy(() -> other.write(text("1234"), 0)).isInstanceOf(DiskFullException.class);
            assertThat(content(small, OTHER)).isEqualTo("123");
            file.write(text("cdefg"), 2); // has its room
            assertThat(content(small, FILE)).isEqualTo("abcdefg");
            assertThatThrownBy(() -> file.write(text("h"), 7)).isInstanceOf(DiskFullException.class);
            other.truncate(1);
            file.reserve(9);
            file.truncate(4);
            assertThat(small.space(FILE).freeBytes()).as("a cut gives up what is behind it").isEqualTo(5);
            file.reserve(9);
            small.delete(FILE);
            assertThat(small.space(OTHER).freeBytes()).isEqualTo(9);
            file.reserve(100); // of a file without a name nothing is counted
            file.write(text("more than fits on the disk"), 0);
            assertThat(small.space(OTHER).freeBytes()).isEqualTo(9);
        }
    }

    @Test
    void timesComeFromTheClock() throws IOException {
        Instant[] now = {Instant.ofEpochSecond(1000)};
        MemoryDisk timed = new MemoryDisk(() -> now[0], 100);
        try (DiskFile file = timed.open(FILE, Open.CREATE)) {
            now[0] = Instant.ofEpochSecond(2000);
            assertThat(timed.modifiedEpochSeconds(FILE)).isEqualTo(1000);
            file.write(text("x"), 0);
            assertThat(timed.modifiedEpochSeconds(FILE)).isEqualTo(2000);
            now[0] = Instant.ofEpochSecond(3000);
            file.truncate(0);
            assertThat(timed.modifiedEpochSeconds(FILE)).isEqualTo(3000);
        }
    }

    @Test
    void showsAllThatIsOnIt() throws IOException {
        MemoryDisk own = new MemoryDisk();
        own.createDirectories(Path.of("/a/b"));
        try (DiskFile file = own.open(Path.of("/a/b/../b/file"), Open.CREATE)) {
            file.write(text("content"), 0);
        }
        assertThat(own.directories()).containsExactlyInAnyOrder(Path.of("/a"), Path.of("/a/b"));
        assertThat(own.snapshot()).containsExactly(Map.entry(Path.of("/a/b/file"), bytes("content")));
    }

    private static String content(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path, Open.READ)) {
            return read(file, 0, 100, true);
        }
    }
}
