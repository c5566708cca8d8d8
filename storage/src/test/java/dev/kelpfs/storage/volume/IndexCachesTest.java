package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reference's servers derive caches from an index file, and would go on to believe them: they go whenever that file is
 * written anew, and with the volume.
 */
class IndexCachesTest {
    private static final byte[] HELLO = {1, 2, 3, 4};
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    private final MemoryDisk disk = Volumes.disk();

    private static VolumeFiles files(String indexDirectory) {
        return new VolumeFiles(Volumes.FILES.name(), Volumes.DATA, Path.of(indexDirectory));
    }

    /** A volume with three records, as a server of the reference leaves it. */
    private void writeVolume(VolumeFiles files) throws IOException {
        disk.createDirectories(files.indexDirectory());
        Volume volume = Volumes.create(disk);
        for (int key = 1; key <= 3; key++) Volumes.put(volume, key, 1, HELLO);
        volume.unmount(true);
        if (!files.idx().equals(Volumes.FILES.idx())) disk.rename(Volumes.FILES.idx(), files.idx());
        writeCaches(files);
    }

    private void writeCaches(VolumeFiles files) throws IOException {
        for (Path directory : new Path[] {index(files, ".ldb"), index(files, ".cpldb")}) {
            disk.createDirectories(directory.resolve("lost"));
            Volumes.write(disk, directory.resolve("CURRENT"), HELLO);
            Volumes.write(disk, directory.resolve("lost").resolve("000001.ldb"), HELLO);
        }
        Volumes.write(disk, index(files, ".rdb"), HELLO);
        Volumes.write(disk, index(files, ".sdx"), HELLO);
        // Those of another volume are nobody's business here.
        Volumes.write(disk, files.indexDirectory().resolve("17.sdx"), HELLO);
    }

    private static Path index(VolumeFiles files, String suffix) {
        return files.indexDirectory().resolve(files.name() + suffix);
    }

    private void assertCaches(VolumeFiles files, boolean there) throws IOException {
        for (String suffix : new String[] {".ldb", ".cpldb", ".rdb", ".sdx"}) {
            assertThat(disk.exists(index(files, suffix))).as(suffix).isEqualTo(there);
        }
        assertThat(disk.exists(files.indexDirectory().resolve("17.sdx"))).isTrue();
    }

    private void assertContents(VolumeFiles files) throws IOException {
        Volume volume = Volumes.open(disk, files);
        for (int key = 1; key <= 3; key++) assertThat(Volumes.get(volume, key)).hasValue(HELLO);
        volume.unmount(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data", "/index"})
    void anIndexThatIsUsedAsItIsKeepsThem(String indexDirectory) throws IOException {
        VolumeFiles files = files(indexDirectory);
        writeVolume(files);
        assertContents(files);
        assertCaches(files, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data", "/index"})
    void aRebuiltIndexRemovesThem(String indexDirectory) throws IOException {
        VolumeFiles files = files(indexDirectory);
        writeVolume(files);
        byte[] idx = Volumes.bytes(disk, files.idx());
        idx[3] ^= 1; // a key that its record does not have, in a row out of line
        idx[11] ^= 3;
        for (byte[] bad : new byte[][] {new byte[0], new byte[idx.length], idx}) {
            Volumes.write(disk, files.idx(), bad);
            writeCaches(files);
            assertContents(files);
            assertCaches(files, false);
        }
        if (!indexDirectory.equals("/data")) return; // a missing index would be looked for beside the data
        disk.delete(files.idx());
        writeCaches(files);
        assertContents(files);
        assertCaches(files, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data", "/index"})
    void aFixRemovesThem(String indexDirectory) throws IOException {
        VolumeFiles files = files(indexDirectory);
        writeVolume(files);
        IndexFix.Result result = IndexFix.run(Volumes.context(disk), files, new IndexFix.Options(true, false), _ -> {});
        assertThat(result).isInstanceOf(IndexFix.Result.Rebuilt.class);
        assertCaches(files, false);
        assertContents(files);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data", "/index"})
    void aVacuumRemovesThem(String indexDirectory) throws IOException {
        VolumeFiles files = files(indexDirectory);
        writeVolume(files);
        Volume volume = Volumes.open(disk, files);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        assertCaches(files, false);
        volume.unmount(true);
        assertContents(files);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data", "/index"})
    void aVacuumThatTheNextStartCompletesRemovesThem(String indexDirectory) throws IOException {
        VolumeFiles files = files(indexDirectory);
        writeVolume(files);
        disk.rename(files.idx(), files.compactedIdx());
        Volumes.write(disk, files.compactionCommit(), new byte[0]);
        Volumes.write(disk, files.idx(), new byte[0]);
        assertContents(files);
        assertCaches(files, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data", "/index"})
    void theyGoWithTheVolume(String indexDirectory) throws IOException {
        VolumeFiles files = files(indexDirectory);
        writeVolume(files);
        VolumeRemoval.removeAll(disk, files, false);
        assertCaches(files, false);
        assertThat(disk.list(Volumes.DATA)).noneMatch(name -> name.startsWith("7."));
    }
}
