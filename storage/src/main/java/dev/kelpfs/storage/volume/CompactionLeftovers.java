package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes or undoes a vacuum that a crash interrupted (storage formats, section 11.4): with the commit marker the new
 * files are put in place, without it they are removed.
 */
final class CompactionLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(CompactionLeftovers.class);

    private CompactionLeftovers() {}

    /** Leaves the volume's files as before the vacuum or as after it. Call it before they are opened. */
    static void settle(Disk disk, VolumeFiles files) throws IOException {
        boolean committed = disk.exists(files.compactionCommit());
        boolean newDat = disk.exists(files.compactedDat());
        boolean newIdx = disk.exists(files.compactedIdx());
        if (!committed && !newDat && !newIdx) return;
        if (committed) {
            // What is there under its temporary name was not renamed yet, or that was forgotten; both were complete.
            if (newDat) disk.rename(files.compactedDat(), files.dat());
            syncBoth(disk, files);
            if (newIdx) disk.rename(files.compactedIdx(), files.idx());
        }
        syncBoth(disk, files);
        for (Path cache : files.indexCaches()) disk.deleteTree(cache);
        for (Path left : List.of(files.compactedDat(), files.compactedIdx(), files.compactionCommit())) disk.delete(left);
        syncBoth(disk, files);
        LOG.info("{}: an interrupted vacuum was {}", files.dat(), committed ? "completed" : "undone");
    }

    private static void syncBoth(Disk disk, VolumeFiles files) throws IOException {
        disk.syncDirectory(files.dataDirectory());
        if (!files.indexDirectory().equals(files.dataDirectory())) disk.syncDirectory(files.indexDirectory());
    }
}
