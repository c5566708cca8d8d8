package dev.kelpfs.storage.vacuum;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.volume.RecordReader;
import dev.kelpfs.storage.volume.VolumeRewrite;
import java.io.IOException;

/** Reads the new files back before anybody may rely on them: every row, every record, and that none is missing. */
final class CopyCheck {
    private final VolumeRewrite rewrite;
    private final NewFiles copy;
    private final ByteRate rate;
    private final ByteRate.Checkpoint checkpoint;
    private final RecordSource records;

    CopyCheck(VolumeRewrite rewrite, NewFiles copy, ByteRate rate, ByteRate.Checkpoint checkpoint) {
        this.rewrite = rewrite;
        this.copy = copy;
        this.rate = rate;
        this.checkpoint = checkpoint;
        this.records = new RecordSource(copy.dat(), rewrite.files().compactedDat(), rewrite.version(),
                copy.ends().datEnd());
    }

    /**
     * Checks the copy; everything in it must have been written out.
     *
     * @param datEnd end of the data file in use when the copy was begun
     * @param leftOut how many live records were left out on purpose
     * @throws IOException if the copy is not what it should be
     */
    void run(long datEnd, long leftOut) throws IOException {
        try {
            IndexFile.walk(copy.idx(), 0, copy.ends().idxEnd() / IndexRow.BYTES, (_, keyBits, entry) -> row(keyBits, entry));
        } catch (DamagedRecordException damage) {
            throw new IOException("the vacuum of " + rewrite.volume() + " has written what it cannot read back ("
                    + damage.getMessage() + "); the old files stay in use, check the disk", damage);
        }
        long missing = LiveRecords.missing(rewrite.index(), copy.index(), datEnd);
        if (missing > leftOut) {
            throw new IOException("the vacuum of " + rewrite.volume() + " has missed " + (missing - leftOut)
                    + " needles; the old files stay in use");
        }
    }

    private void row(long keyBits, long entry) throws IOException {
        checkpoint.check();
        long offset = IndexEntry.offset(entry);
        int bodyBytes = IndexEntry.bodyBytes(entry);
        RecordVersion version = rewrite.version();
        if (copy.index().find(keyBits) != entry) {
            throw new DamagedRecordException(records.path(), offset, "the row of key " + Long.toHexString(keyBits)
                    + " is not what was written");
        }
        if (records.isSmall(bodyBytes)) {
            NeedleRecord.parse(records.record(offset, bodyBytes), version, keyBits, bodyBytes, records.path(), offset);
        } else {
            RecordReader.verify(records.file(), records.path(), version, offset, keyBits, bodyBytes);
        }
        rate.spend(version.recordBytes(bodyBytes));
    }
}
