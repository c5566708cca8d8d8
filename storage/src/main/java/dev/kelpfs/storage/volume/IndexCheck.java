package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleHeader;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Compares rows of an index file with the records that they name, by their headers. A row that does not lie in line with
 * its neighbours and does not fit its record is damaged itself, and so is one that gives a good record of its key another
 * length. Any other that lies in line contradicts its record, and nobody knows which of the two is right: then neither of
 * the keys that they name can be read, and the volume is read-only.
 */
final class IndexCheck {
    private final DiskFile dat;
    private final Path path;
    private final RecordVersion version;
    private final NeedleIndex index;
    private final ByteBuffer start;
    private boolean indexDamaged;
    private Optional<String> contradiction = Optional.empty();

    IndexCheck(DiskFile dat, Path path, RecordVersion version, NeedleIndex index) {
        this.dat = dat;
        this.path = path;
        this.version = version;
        this.index = index;
        this.start = ByteBuffer.allocate((int) version.recordBytes(0));
    }

    /** An entry for a record with this body length that cannot be read, because it says another one. */
    static long unreadable(long offset, int bodyBytes) {
        return IndexEntry.of(offset, bodyBytes == 1 ? 2 : 1);
    }

    /** True if the index file must be rebuilt. */
    boolean isIndexDamaged() {
        return indexDamaged;
    }

    /** What contradicts itself, for people. */
    Optional<String> contradiction() {
        return contradiction;
    }

    void look(RowSamples rows) throws IOException {
        for (int i = 0; i < rows.count() && !indexDamaged; i++) look(rows.keyBits(i), rows.entry(i), rows.inLine(i));
    }

    private void look(long keyBits, long entry, boolean inLine) throws IOException {
        long offset = IndexEntry.offset(entry);
        start.clear();
        while (start.hasRemaining()) {
            if (dat.read(start, offset + start.position()) < 0) break;
        }
        // Behind the end of the data nothing can be said against the row; that it reaches there is noted elsewhere.
        if (start.position() < NeedleHeader.BYTES + version.tailBytes()) return;
        NeedleHeader header = NeedleHeader.decode(start, 0);
        int bodyBytes = IndexEntry.bodyBytes(entry);
        if (header.key().bits() == keyBits && header.bodyBytes() == Math.max(0, bodyBytes)) {
            if (bodyBytes == 0 && !mayBeLive(inLine)) indexDamaged = true;
        } else if (inLine && !isGoodOfOtherLength(keyBits, bodyBytes, header, offset)) {
            contradicts(keyBits, entry, header, offset);
        } else {
            indexDamaged = true;
        }
    }

    // A row that lost the last byte of its length is still in line if both lengths are padded to the same. The checksum lies
    // elsewhere for every length, so the record itself tells which of them is the right one.
    private boolean isGoodOfOtherLength(long keyBits, int bodyBytes, NeedleHeader header, long offset) throws IOException {
        if (bodyBytes < 0 || header.key().bits() != keyBits || header.bodyBytes() <= 0) return false;
        try {
            RecordReader.verify(dat, path, version, offset, keyBits, header.bodyBytes());
            return true;
        } catch (DamagedRecordException damaged) {
            return false;
        }
    }

    // A torn row of a deletion looks like the row of an empty upload. So does that of a record whose length is torn off,
    // but then it does not end where the next one starts.
    private boolean mayBeLive(boolean inLine) {
        return switch (BodilessRecord.of(start.flip(), version)) {
            case LIVE_EMPTY -> true;
            case EITHER -> inLine || version == RecordVersion.V3;
            case DELETION, TORN -> false;
        };
    }

    private void contradicts(long keyBits, long entry, NeedleHeader header, long offset) {
        long now = index.find(keyBits);
        boolean decided = IndexEntry.isLive(entry) ? IndexEntry.offset(now) == offset : !IndexEntry.isLive(now);
        long unreadable = unreadable(offset, header.bodyBytes());
        if (decided) index.put(keyBits, unreadable);
        long other = header.key().bits();
        if (other != 0 && other != keyBits && IndexEntry.offset(index.find(other)) < offset) {
            index.put(other, unreadable);
        }
        if (contradiction.isEmpty()) {
            contradiction = Optional.of("at " + offset + " lies a record of key " + header.key() + " with "
                    + header.bodyBytes() + " bytes, the index has key " + Long.toHexString(keyBits) + " with "
                    + IndexEntry.bodyBytes(entry) + " there; neither key can be read");
        }
    }
}
