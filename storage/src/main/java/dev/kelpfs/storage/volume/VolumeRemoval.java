package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Removes the files of a volume (storage formats, section 10.5). */
public final class VolumeRemoval {
    private VolumeRemoval() {}

    /**
     * Removes all files of a plain volume, the data first and durably. A crash half-way leaves {@code .note}, at which the
     * next start goes on, or at least an index without data, which no server opens: what was deleted does not come back.
     *
     * @param keepInfo leaves the volume info file, which an erasure-coded volume of the same id shares
     */
    public static void removeAll(Disk disk, VolumeFiles files, boolean keepInfo) throws IOException {
        mark(disk, files);
        disk.delete(files.dat());
        disk.syncDirectory(files.dataDirectory());
        List<Path> paths = new ArrayList<>();
        for (VolumeFiles place : List.of(files, files.indexBesideData())) {
            paths.add(place.idx());
            paths.add(place.compactedIdx());
            paths.addAll(place.indexCaches());
        }
        if (!keepInfo) paths.add(files.vif());
        paths.addAll(List.of(files.compactedDat(), files.compactionCommit()));
        paths.addAll(leftBehind(disk, files));
        for (Path path : paths) disk.deleteTree(path);
        disk.syncDirectory(files.dataDirectory());
        if (!files.indexDirectory().equals(files.dataDirectory())) disk.syncDirectory(files.indexDirectory());
        disk.delete(files.note());
    }

    private static void mark(Disk disk, VolumeFiles files) throws IOException {
        if (disk.exists(files.note()) || !disk.exists(files.idx()) && !disk.exists(files.indexBesideData().idx())) return;
        try {
            disk.open(files.note(), Open.CREATE).close();
        } catch (DiskFullException full) {
            // That is when volumes are removed; after a crash somebody has to remove the index file by hand.
            return;
        }
        disk.syncDirectory(files.dataDirectory());
    }

    /** What repairs have cut off the data file, and files that a crash kept from getting their final names. */
    private static List<Path> leftBehind(Disk disk, VolumeFiles files) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path directory : new TreeSet<>(List.of(files.dataDirectory(), files.indexDirectory()))) {
            for (String name : disk.list(directory)) {
                boolean torn = name.startsWith(files.name() + VolumeFiles.TORN_SUFFIX);
                boolean staged = name.equals(files.name() + ".idx.tmp") || name.equals(files.name() + ".vif.tmp");
                if (torn || staged) found.add(directory.resolve(name));
            }
        }
        return found;
    }
}
