package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleHeader;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Decides which record version holds when superblock and volume info file name different ones, because one of them is
 * damaged: that in which more of the first records are good. A wrong one would make every record of the volume
 * unreadable.
 */
final class RecordVersionChoice {
    private static final int RECORDS = 16;

    private final DiskFile dat;
    private final Path path;

    RecordVersionChoice(DiskFile dat, Path path) {
        this.dat = dat;
        this.path = path;
    }

    /** The one that the records speak for; the first if they speak for neither. */
    RecordVersion between(RecordVersion first, RecordVersion second, Superblock superblock) throws IOException {
        return goodRecords(second, superblock) > goodRecords(first, superblock) ? second : first;
    }

    private int goodRecords(RecordVersion version, Superblock superblock) throws IOException {
        long size = dat.size();
        long at = superblock.firstRecordAt(version);
        int good = 0;
        while (good < RECORDS && at < size) {
            long end = endOfGood(version, at);
            if (end < 0) return good;
            good++;
            at = end;
        }
        // Where the last record ends tells versions 2 and 3 apart when there is only one.
        return at == size ? good + 1 : good;
    }

    private long endOfGood(RecordVersion version, long at) throws IOException {
        try {
            ByteBuffer head = ByteBuffer.allocate(NeedleHeader.BYTES);
            RecordReader.readFully(dat, path, head, at, at);
            NeedleHeader header = NeedleHeader.decode(head, 0);
            if (header.key().bits() == 0 || header.bodyBytes() < 0) return -1;
            RecordReader.verify(dat, path, version, at, header.key().bits(), header.bodyBytes());
            return at + version.recordBytes(header.bodyBytes());
        } catch (DamagedRecordException noRecord) {
            return -1;
        }
    }
}
