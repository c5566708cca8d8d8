package dev.kelpfs.storage.vacuum;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.volume.VolumeRewrite;
import dev.kelpfs.storage.volume.VolumeRewrite.Ends;
import java.io.IOException;

/**
 * Follows in the new files what was stored and deleted in the old ones since the copy began, row by row of the old index
 * file. Each row is compared with the index in use: one that it does not show any more was followed by another row of its
 * key, which comes later. So it does no harm that the volume is written on meanwhile, and that the copy has seen some of
 * it. Used by one thread at a time; after an exception the new files are of no use.
 */
final class CatchUp {
    private final VolumeRewrite rewrite;
    private final RecordSource source;
    private final RecordCopier copier;
    private final NewFiles target;
    private Ends done;

    /** @param from ends of the files in use when the copy was begun */
    CatchUp(VolumeRewrite rewrite, RecordSource source, RecordCopier copier, NewFiles target, Ends from) {
        this.rewrite = rewrite;
        this.source = source;
        this.copier = copier;
        this.target = target;
        this.done = from;
    }

    /** Bytes of the data file that have not been followed yet. */
    long gapBytes(Ends now) {
        return now.datEnd() - done.datEnd();
    }

    /**
     * Follows all rows up to these ends.
     *
     * @throws UnreadableRecordException if a live record is damaged
     */
    void round(Ends to, ByteRate rate) throws IOException {
        source.limit(to.datEnd());
        IndexFile.walk(rewrite.idx(), done.idxEnd() / IndexRow.BYTES, to.idxEnd() / IndexRow.BYTES, (_, keyBits, entry) -> {
            rewrite.reading(() -> follow(keyBits, entry));
            rate.spend(rewrite.version().recordBytes(IndexEntry.bodyBytes(entry)));
        });
        done = to;
    }

    private boolean follow(long keyBits, long entry) throws IOException {
        long now = rewrite.index().find(keyBits);
        if (IndexEntry.isLive(entry)) return now == entry && copier.copy(keyBits, entry, RecordCopier.Choice.ALL);
        boolean gone = !IndexEntry.isLive(now) && IndexEntry.isLive(target.index().find(keyBits));
        if (gone) copier.copyDeletion(keyBits, entry, rewrite.nowEpochNanos());
        return gone;
    }
}
