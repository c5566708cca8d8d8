package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The data file of a volume that nobody serves, opened for reading only, with what its first bytes and the volume info
 * file say. Who opens it closes it.
 */
record ReadOnlyDat(DiskFile file, Superblock superblock, RecordVersion version) implements AutoCloseable {
    /**
     * @throws RefusedVolumeException if there is no such volume, or one of a kind that is not handled here, or one whose
     *     files are between two states; the message says what to do
     */
    static ReadOnlyDat open(Disk disk, VolumeFiles files) throws IOException {
        if (!disk.exists(files.dat())) {
            throw new RefusedVolumeException("there is no " + files.dat() + "; check directory, collection and volume id");
        }
        if (disk.exists(files.note())) {
            throw new RefusedVolumeException(files.note() + " says that a copy of this volume to here was not finished; "
                    + "copy it again, or start the volume server, which removes the rest");
        }
        if (disk.exists(files.compactionCommit())) {
            throw new RefusedVolumeException(files.compactionCommit() + " says that a vacuum was interrupted while its files "
                    + "were put in place; start the volume server once, or run weed compact, to have that finished");
        }
        VolumeInfo info = VolumeInfoFile.read(disk, files.vif()).orElse(VolumeInfo.NONE);
        OtherKinds.refuse(disk, files, info);
        DiskFile dat = disk.open(files.dat(), Open.READ);
        try {
            Superblock superblock = Superblock.read(dat, files.dat());
            RecordVersion version = RecordVersion.of(info.version()).orElse(superblock.version());
            if (version != superblock.version()) {
                throw new RefusedVolumeException(files.vif() + " says version " + version.number() + ", the superblock of "
                        + files.dat() + " says " + superblock.version().number() + "; restore the one that is wrong from a copy");
            }
            if (superblock.firstRecordAt() > dat.size()) {
                throw new RefusedVolumeException(files.dat() + ": the superblock says that " + superblock.extraBytes()
                        + " bytes follow it, the file has " + dat.size() + " in all; restore it from a copy");
            }
            if (info.offsetBytes() == 0) OtherKinds.refuseLargeIndex(disk, files, dat);
            return new ReadOnlyDat(dat, superblock, version);
        } catch (IOException | RuntimeException failed) {
            dat.close();
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
