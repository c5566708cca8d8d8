package dev.kelpfs.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.Disk.Open;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link Disk} promises, of every disk. */
public abstract class DiskContract extends DiskFileContract {
    @Test
    void tellsWhatExists() throws IOException {
        store("file", "content");
        disk.createDirectories(root.resolve("directory"));
        assertThat(disk.exists(root.resolve("file"))).isTrue();
        assertThat(disk.exists(root.resolve("directory"))).isTrue();
        assertThat(disk.exists(root.resolve("missing"))).isFalse();
        assertThat(disk.exists(root.resolve("file/below"))).isFalse();
        assertThat(disk.isDirectory(root.resolve("file"))).isFalse();
        assertThat(disk.isDirectory(root.resolve("directory"))).isTrue();
        assertThat(disk.isDirectory(root.resolve("missing"))).isFalse();
        assertThat(disk.isWritable(root.resolve("file"))).isTrue();
        assertThat(disk.isWritable(root)).isTrue();
        assertThat(disk.isWritable(root.resolve("missing"))).isFalse();
    }

    @Test
    void namesAreOfAllLetters() throws IOException {
        store("a b", "1");
        store("\"quoted\" \\ 'name'", "2");
        assertThat(disk.list(root)).containsExactly("\"quoted\" \\ 'name'", "a b");
        assertThat(content("a b")).isEqualTo("1");
    }

    @Test
    void listIsSorted() throws IOException {
        assertThat(disk.list(root)).isEmpty();
        for (String name : List.of("b", "10", "a", "9", "B", "a.dat")) store(name, "");
        disk.createDirectories(root.resolve("aa/inner"));
        assertThat(disk.list(root)).containsExactly("10", "9", "B", "a", "a.dat", "aa", "b");
        assertThat(disk.list(root.resolve("aa"))).containsExactly("inner");
    }

    @Test
    void listNeedsADirectory() throws IOException {
        store("file", "content");
        assertThatThrownBy(() -> disk.list(root.resolve("file")))
                .isInstanceOf(NotDirectoryException.class).hasMessageContaining("file");
        assertThatThrownBy(() -> disk.list(root.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining("missing");
    }

    @Test
    void directoriesAreCreatedWithAllAboveThem() throws IOException {
        disk.createDirectories(root.resolve("a/b/c"));
        disk.createDirectories(root.resolve("a/b/c"));
        disk.createDirectories(root.resolve("a/b/d"));
        assertThat(disk.list(root.resolve("a/b"))).containsExactly("c", "d");
    }

    @Test
    void aFileIsInTheWayOfDirectories() throws IOException {
        store("file", "content");
        for (String wanted : List.of("file", "file/below", "file/below/it")) {
            assertThatThrownBy(() -> disk.createDirectories(root.resolve(wanted)))
                    .isInstanceOf(FileAlreadyExistsException.class).hasMessageContaining("file");
        }
        assertThat(content("file")).isEqualTo("content");
    }

    @Test
    void renameMovesAndReplaces() throws IOException {
        store("from", "new");
        disk.rename(root.resolve("from"), root.resolve("to"));
        assertThat(disk.exists(root.resolve("from"))).isFalse();
        assertThat(content("to")).isEqualTo("new");
        store("from", "newer");
        disk.rename(root.resolve("from"), root.resolve("to"));
        assertThat(content("to")).isEqualTo("newer");
        disk.rename(root.resolve("to"), root.resolve("to"));
        assertThat(content("to")).isEqualTo("newer");
        disk.createDirectories(root.resolve("inner"));
        disk.rename(root.resolve("to"), root.resolve("inner/to"));
        assertThat(disk.list(root)).containsExactly("inner");
        assertThat(content("inner/to")).isEqualTo("newer");
    }

    @Test
    void whatIsReplacedStaysReadableByWhoHasItOpen() throws IOException {
        store("to", "old");
        store("from", "new");
        try (DiskFile old = disk.open(root.resolve("to"), Open.READ);
                DiskFile fresh = disk.open(root.resolve("from"), Open.READ)) {
            disk.rename(root.resolve("from"), root.resolve("to"));
            assertThat(read(old, 0, 10, true)).isEqualTo("old");
            assertThat(read(fresh, 0, 10, true)).isEqualTo("new");
        }
    }

    @Test
    void renameThatFailsChangesNothing() throws IOException {
        store("from", "content");
        disk.createDirectories(root.resolve("directory/inner"));
        disk.createDirectories(root.resolve("empty"));
        assertThatThrownBy(() -> disk.rename(root.resolve("missing"), root.resolve("to")))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining("missing");
        assertThatThrownBy(() -> disk.rename(root.resolve("from"), root.resolve("nowhere/to")))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining("nowhere/to");
        for (String target : List.of("directory", "empty")) {
            assertThatThrownBy(() -> disk.rename(root.resolve("from"), root.resolve(target)))
                    .isInstanceOf(FileAlreadyExistsException.class).hasMessageContaining(target);
        }
        assertThat(disk.list(root)).containsExactly("directory", "empty", "from");
        assertThat(content("from")).isEqualTo("content");
    }

    @Test
    void deleteRemovesFilesAndEmptyDirectories() throws IOException {
        store("file", "content");
        disk.createDirectories(root.resolve("full/inner"));
        disk.delete(root.resolve("file"));
        disk.delete(root.resolve("file"));
        assertThatThrownBy(() -> disk.delete(root.resolve("full")))
                .isInstanceOf(DirectoryNotEmptyException.class).hasMessageContaining("full");
        disk.delete(root.resolve("full/inner"));
        disk.delete(root.resolve("full"));
        assertThat(disk.list(root)).isEmpty();
    }

    @Test
    void deleteTreeRemovesAll() throws IOException {
        disk.createDirectories(root.resolve("tree/a/b"));
        store("tree/a/b/file", "content");
        store("tree/file", "content");
        store("kept", "content");
        disk.deleteTree(root.resolve("tree"));
        disk.deleteTree(root.resolve("tree"));
        assertThat(disk.list(root)).containsExactly("kept");
        disk.deleteTree(root.resolve("kept"));
        assertThat(disk.list(root)).isEmpty();
    }

    @Test
    void directoriesCanBeSynced() throws IOException {
        store("file", "content");
        disk.syncDirectory(root);
        assertThatThrownBy(() -> disk.syncDirectory(root.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining("missing");
        assertThatThrownBy(() -> disk.syncDirectory(root.resolve("file")))
                .isInstanceOf(NotDirectoryException.class).hasMessageContaining("file");
    }

    @Test
    void sizesAndTimesAreTold() throws IOException {
        store("file", "content");
        assertThat(disk.size(root.resolve("file"))).isEqualTo(7);
        assertThat(disk.modifiedEpochSeconds(root.resolve("file"))).isNotNegative();
        assertThatThrownBy(() -> disk.size(root.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining("missing");
        assertThatThrownBy(() -> disk.modifiedEpochSeconds(root.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining("missing");
    }

    @Test
    void spaceIsThatOfTheFileSystem() throws IOException {
        store("file", "content");
        DiskSpace space = disk.space(root.resolve("file"));
        assertThat(space.totalBytes()).isPositive().isEqualTo(disk.space(root).totalBytes());
        assertThat(space.freeBytes()).isBetween(0L, space.totalBytes());
        assertThatThrownBy(() -> disk.space(root.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining("missing");
    }

    @Test
    void aLockHasOneHolder() throws IOException {
        store("lock", "a text of somebody long gone, longer than the next one");
        try (DiskLock held = disk.lock(root.resolve("lock"), "process 17")) {
            for (int i = 0; i < 2; i++) { // a refused taker takes nothing away
                assertThatThrownBy(() -> disk.lock(root.resolve("./lock"), "second"))
                        .isInstanceOfSatisfying(LockHeldException.class, refused -> {
                            assertThat(refused.holder()).isEqualTo("process 17");
                            assertThat(refused).hasMessageContaining("lock").hasMessageContaining("process 17");
                        });
            }
            assertThat(held).isNotNull();
        }
        assertThat(content("lock")).isEqualTo("process 17\n");
        DiskLock again = disk.lock(root.resolve("lock"), "process 18");
        again.close();
        again.close();
        assertThat(content("lock")).isEqualTo("process 18\n");
    }

    @Test
    void closingALockTwiceTakesItFromNobody() throws IOException {
        DiskLock first = disk.lock(root.resolve("lock"), "first");
        first.close();
        try (DiskLock second = disk.lock(root.resolve("lock"), "second")) {
            first.close();
            assertThatThrownBy(() -> disk.lock(root.resolve("lock"), "third")).isInstanceOf(LockHeldException.class);
            assertThat(second).isNotNull();
        }
    }

    @Test
    void aLockNeedsAPlaceForItsFile() throws IOException {
        disk.createDirectories(root.resolve("directory"));
        assertThatThrownBy(() -> disk.lock(root.resolve("directory"), "x"))
                .isInstanceOf(FileAlreadyExistsException.class).hasMessageContaining("directory");
        assertThatThrownBy(() -> disk.lock(root.resolve("missing/lock"), "x"))
                .isInstanceOf(NoSuchFileException.class).hasMessageContaining("missing");
        disk.lock(root.resolve("directory/lock"), "x").close(); // the failures left nothing behind
    }

    @Test
    void ofManyTakersOneGetsTheLock() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 50; round++) {
                List<DiskLock> taken = new ArrayList<>();
                List<Callable<Boolean>> takers = IntStream.range(0, 8).<Callable<Boolean>>mapToObj(i -> () -> {
                    try {
                        DiskLock lock = disk.lock(root.resolve("lock"), "taker " + i);
                        synchronized (taken) {
                            taken.add(lock);
                        }
                        return true;
                    } catch (LockHeldException other) {
                        return false;
                    }
                }).toList();
                for (Future<Boolean> end : pool.invokeAll(takers)) end.get();
                assertThat(taken).hasSize(1);
                taken.getFirst().close();
            }
        }
    }
}
