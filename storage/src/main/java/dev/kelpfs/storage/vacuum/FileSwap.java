package dev.kelpfs.storage.vacuum;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeRewrite;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of the files of a vacuum, and the order in which they change so that a crash at any point leaves the old
 * files or the new ones (storage formats, sections 11.3 and 11.4). What makes it work:
 *
 * <ul>
 *   <li>the marker {@code .cpc} is created only when the new files, content and names, are durable;
 *   <li>nothing is renamed before the marker is durable;
 *   <li>the marker is removed only when the renames are durable, and new files are begun only when its removal is;
 *   <li>while the marker may be there nobody removes {@code .cpd} or {@code .cpx}.
 * </ul>
 */
final class FileSwap {
    private static final Logger LOG = LoggerFactory.getLogger(FileSwap.class);

    private final VolumeRewrite rewrite;
    private final Disk disk;
    private final VolumeFiles files;

    FileSwap(VolumeRewrite rewrite) {
        this.rewrite = rewrite;
        this.disk = rewrite.disk();
        this.files = rewrite.files();
    }

    /** Removes what an earlier vacuum of this volume has left. */
    void removeLeftovers() throws IOException {
        if (disk.exists(files.compactionCommit())) {
            syncNames();
            disk.delete(files.compactionCommit());
        }
        disk.syncDirectory(files.dataDirectory());
        removeNewFiles();
    }

    /** Removes the new files, which have no marker. */
    void removeNewFiles() throws IOException {
        disk.delete(files.compactedDat());
        disk.delete(files.compactedIdx());
    }

    /** Makes the names in both directories durable. */
    void syncNames() throws IOException {
        disk.syncDirectory(files.dataDirectory());
        if (!files.indexDirectory().equals(files.dataDirectory())) disk.syncDirectory(files.indexDirectory());
    }

    /**
     * Puts the new files, which are durable, in the place of the old ones. Under the append right. Afterwards the volume
     * uses the new files and owns them.
     *
     * @throws HalfDoneException if the files are between two states; the volume takes no writes then
     * @throws IOException if the disk failed and everything is as before
     */
    void install(NewFiles made) throws IOException {
        try {
            disk.open(files.compactionCommit(), Open.CREATE).close();
            disk.syncDirectory(files.dataDirectory());
            disk.rename(files.compactedDat(), files.dat());
        } catch (IOException failed) {
            removeMarker(failed);
            throw failed;
        }
        // No way back from here: the files that are open are the right ones, whatever their names are.
        IOException failure = null;
        try {
            disk.syncDirectory(files.dataDirectory());
            disk.rename(files.compactedIdx(), files.idx());
        } catch (IOException failed) {
            failure = failed;
        }
        if (failure == null) made.reopenAsVolume();
        made.handOver();
        rewrite.replace(made.dat(), made.idx(), made.index(), made.ends());
        if (failure != null) throw halfDone("was given its new data file but not its new index file", failure);
    }

    private void removeMarker(IOException cause) throws HalfDoneException {
        try {
            disk.delete(files.compactionCommit());
            disk.syncDirectory(files.dataDirectory());
        } catch (IOException failed) {
            failed.addSuppressed(cause);
            throw halfDone("may or may not be given its new files by the next start", failed);
        }
    }

    private HalfDoneException halfDone(String what, IOException cause) {
        String message = files.dat() + " " + what + ", because the disk failed in a vacuum (" + cause.getMessage()
                + "); restart the server on a healthy disk to have that settled";
        rewrite.halfDone(message);
        return new HalfDoneException(message, cause);
    }

    /** Makes the new names durable and removes the marker and what was derived from the old index. */
    void finish() {
        try {
            syncNames();
            for (Path cache : files.indexCaches()) disk.deleteTree(cache);
            disk.delete(files.compactionCommit());
            disk.syncDirectory(files.dataDirectory());
        } catch (IOException failed) {
            LOG.warn("{}: cleaning up after a vacuum failed, the next start does it: {}", files.dat(), failed.getMessage());
        }
    }
}
