package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;

/** An index file that was read into memory, before it becomes part of a generation. */
record LoadedIndex(DiskFile file, NeedleIndex index, VolumeCounters counters, IndexReplay replay) {
    static LoadedIndex load(VolumeContext context, VolumeFiles files, RecordVersion version, long datBytes, boolean writable)
            throws IOException {
        DiskFile file = context.disk().open(files.idx(), writable ? Open.READ_WRITE : Open.READ);
        // Some rows are overwrites or deletions; an index that must grow a little is better than one too large for good.
        long expected = file.size() / IndexRow.BYTES * 3 / 4;
        NeedleIndex index = new NeedleIndex(context.random().nextLong(), expected);
        VolumeCounters counters = new VolumeCounters();
        LoadedIndex loaded = new LoadedIndex(file, index, counters, new IndexReplay(index, counters, version, datBytes));
        try {
            loaded.replay.run(file);
            return loaded;
        } catch (IOException | RuntimeException | Error failed) {
            loaded.close();
            throw failed;
        }
    }

    void close() throws IOException {
        index.close();
        file.close();
    }
}
