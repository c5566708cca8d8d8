package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Removes the files of a volume (storage formats, section 10.5). */
public final class VolumeRemoval {
    private VolumeRemoval() {}

    /**
     * Removes all files of a plain volume, the data first and durably: a crash half-way leaves an index without data,
     * which no server opens, so that what was deleted does not come back.
     *
     * @param keepInfo leaves the volume info file, which an erasure-coded volume of the same id shares
     */
    public static void removeAll(Disk disk, VolumeFiles files, boolean keepInfo) throws IOException {
        disk.delete(files.dat());
        disk.syncDirectory(files.dataDirectory());
        List<Path> paths = new ArrayList<>();
        for (VolumeFiles place : List.of(files, files.indexBesideData())) {
            paths.add(place.idx());
            paths.add(place.compactedIdx());
            paths.addAll(place.indexCaches());
        }
        if (!keepInfo) paths.add(files.vif());
        paths.addAll(List.of(files.compactedDat(), files.compactionCommit(), files.note()));
        for (Path path : paths) disk.deleteTree(path);
        disk.syncDirectory(files.dataDirectory());
        if (!files.indexDirectory().equals(files.dataDirectory())) disk.syncDirectory(files.indexDirectory());
    }
}
