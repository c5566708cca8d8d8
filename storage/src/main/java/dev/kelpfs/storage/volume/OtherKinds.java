package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Tells plain volumes from all others, which nobody here may touch: their files mean something else. */
final class OtherKinds {
    private static final int LARGE_OFFSET_BYTES = 5;
    private static final Pattern SHARD = Pattern.compile("[0-9]{2}");

    private OtherKinds() {}

    /** @throws RefusedVolumeException if the files are those of a tiered, erasure-coded or large-disk volume */
    static void refuse(Disk disk, VolumeFiles files, VolumeInfo info) throws RefusedVolumeException {
        if (info.remoteFiles() > 0) {
            throw new RefusedVolumeException(files.vif() + ": the data of this volume lies in a remote tier, which this "
                    + "release does not serve; download it with the server that moved it there");
        }
        for (Path ecx : files.ecx()) {
            if (disk.exists(ecx)) {
                throw new RefusedVolumeException(ecx + ": this is an erasure-coded volume, which this release does not "
                        + "serve; decode it with the server that encoded it");
            }
        }
        if (info.erasureCoded()) {
            throw new RefusedVolumeException(files.vif() + ": this is the rest of an erasure-coded volume, which this "
                    + "release does not serve; its shards are on other servers");
        }
        if (info.offsetBytes() != 0 && info.offsetBytes() != VolumeInfo.OFFSET_BYTES) {
            throw largeIndex(files.vif(), info.offsetBytes());
        }
    }

    /**
     * For a volume without data file: what there is of it must not be taken for nothing.
     *
     * @throws RefusedVolumeException if the files say, or may have said, that there are data somewhere
     */
    static void refuseRemains(Disk disk, VolumeFiles files) throws IOException {
        try {
            refuse(disk, files, VolumeInfoFile.read(disk, files.vif()).orElse(VolumeInfo.NONE));
        } catch (DamagedVolumeInfoException damaged) {
            throw new RefusedVolumeException(damaged.getMessage() + "; there is no data file either, so nobody knows where its "
                    + "data are; restore the files from a copy, or remove them");
        }
        String shard = files.name() + ".ec";
        for (String file : disk.list(files.dataDirectory())) {
            if (!file.startsWith(shard) || !SHARD.matcher(file.substring(shard.length())).matches()) continue;
            throw new RefusedVolumeException(files.dataDirectory().resolve(file) + ": this is a shard of an erasure-coded "
                    + "volume, which this release does not serve; decode it with the server that encoded it");
        }
        if (disk.exists(files.idx()) && disk.size(files.idx()) > 0) {
            throw new RefusedVolumeException(files.idx() + " has rows, but " + files.dat() + " is missing; mount its disk or restore "
                    + "it from a copy, or remove the index file if the volume is not wanted any more");
        }
    }

    /**
     * For files that do not say how wide their offsets are.
     *
     * @throws RefusedVolumeException if the index has those of a large-disk build
     */
    static void refuseLargeIndex(Disk disk, VolumeFiles files, DiskFile dat) throws IOException {
        if (!disk.exists(files.idx())) return;
        try (DiskFile idx = disk.open(files.idx(), Open.READ)) {
            if (LargeIndexRows.areIn(idx, dat)) throw largeIndex(files.idx(), LARGE_OFFSET_BYTES);
        }
    }

    private static RefusedVolumeException largeIndex(Path path, int offsetBytes) {
        return new RefusedVolumeException(path + ": the index of this volume has offsets of " + offsetBytes
                + " bytes (large-disk build), this server reads offsets of " + VolumeInfo.OFFSET_BYTES
                + "; serve it with the server that wrote it");
    }
}
