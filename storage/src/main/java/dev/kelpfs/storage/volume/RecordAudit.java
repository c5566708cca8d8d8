package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.NeedleHeader;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what a vacuum is about to leave behind: is it really dead? Opening compares only the last rows of the index
 * with the records that they name, so a damaged older row may hide an intact record behind another key, or keep alive
 * what was deleted. A rebuild of the index mends that, as long as the record is there.
 *
 * <p>The rows come in ascending order of their offsets. A row that fits the header of its record accounts for its bytes;
 * bytes that no row accounts for are searched for whole records. Such a record is dead if a row or another record of its
 * key lies behind it. Live rows are not looked at: who copies their records verifies them. Used by one thread.
 */
public final class RecordAudit implements AutoCloseable {
    /** Rows that do not fit their records; with more the index is no use for a vacuum. */
    private static final int MOST_MISFITS = 10_000;
    private static final int PAGE_BYTES = 4096;
    /** Where the last record can start that a row expresses. Markers of deletions may lie behind it. */
    private static final long LAST_OFFSET = IndexEntry.OFFSET_LIMIT_BYTES - RecordVersion.UNIT_BYTES;
    /** Entry of a key of which a row behind its record tells. */
    private static final long SUPERSEDED = IndexEntry.of(LAST_OFFSET, Integer.MIN_VALUE);

    private final DiskFile dat;
    private final VolumeFiles files;
    private final RecordVersion version;
    private final NeedleIndex index;
    private final long datEnd;
    private final Reading reading;
    private final ByteBuffer headers = ByteBuffer.allocateDirect(PAGE_BYTES + NeedleHeader.BYTES).limit(0);
    private long headersAt;
    private long accounted;

    /** The last that bytes without a row say of each key: a live entry, or a deleted one with the offset of the marker. */
    private @Nullable NeedleIndex found;
    /** Body length in the rows of this gap that do not fit, by offset: tells an empty file from a deletion. */
    private final Map<Long, Integer> bodiesSaid = new HashMap<>();
    private final List<Misfit> deletions = new ArrayList<>();
    private long misfits;
    private @Nullable Misfit oneTooMany;

    private record Misfit(long keyBits, long offset, String what) {}

    /** Told of bytes that were read, before or after; may wait, and may end the audit by its exception. */
    @FunctionalInterface
    public interface Reading {
        void read(long bytes) throws IOException;
    }

    /** Told of each record that must not be left behind. */
    @FunctionalInterface
    public interface Findings {
        /**
         * @param keyBits the key that would lose its content, or get one back that was deleted
         * @param detail names file, offset and what can be done
         */
        void found(long keyBits, String detail) throws IOException;
    }

    /** @param datEnd how far to look; what is appended behind it meanwhile supersedes what lies before */
    RecordAudit(Generation generation, VolumeFiles files, long firstRecordAt, long datEnd, Reading reading) throws IOException {
        this.dat = generation.dat;
        this.files = files;
        this.version = generation.version;
        this.index = generation.index;
        this.datEnd = Math.min(datEnd, generation.dat.size());
        this.reading = reading;
        this.accounted = firstRecordAt;
    }

    /** Takes the row of a needle that is live; its record is verified elsewhere. */
    public void live(long entry) throws IOException {
        account(IndexEntry.offset(entry), version.recordBytes(IndexEntry.bodyBytes(entry)));
    }

    /** Takes any other row, whose offset is not 0. */
    public void dead(long keyBits, long entry) throws IOException {
        long offset = IndexEntry.offset(entry);
        int bodyBytes = IndexEntry.bodyBytes(entry);
        NeedleHeader header = header(offset);
        boolean deletion = bodyBytes == IndexEntry.DELETED_BODY_BYTES;
        if (header != null && header.key().bits() == keyBits && header.bodyBytes() >= 0
                && (deletion || header.bodyBytes() == bodyBytes)) {
            account(offset, version.recordBytes(header.bodyBytes()));
            return;
        }
        // Behind the largest offset that a row can express it begins again at 0.
        NeedleHeader behind = deletion ? header(offset + IndexEntry.OFFSET_LIMIT_BYTES) : null;
        if (behind != null && behind.key().bits() == keyBits && behind.bodyBytes() == 0) return;
        String there = header == null ? "ends before" : "has key " + header.key();
        Misfit misfit = new Misfit(keyBits, offset, files.dat() + " at " + offset + " " + there + ", the index has "
                + (deletion ? "a deletion of key " : "key ") + Long.toHexString(keyBits) + " there");
        if (misfits++ == MOST_MISFITS) oneTooMany = misfit;
        if (misfits > MOST_MISFITS) return;
        bodiesSaid.put(offset, bodyBytes);
        if (deletion) deletions.add(misfit);
    }

    /**
     * Looks at the rest of the file and decides.
     *
     * @param idx the index file
     * @param rows how many of its rows were taken
     */
    public void finish(DiskFile idx, long rows, Findings findings) throws IOException {
        account(datEnd, 0);
        if (found != null) {
            markSuperseded(found, idx, rows);
            List<Misfit> contradictions = new ArrayList<>();
            found.forEach((keyBits, entry) -> contradiction(keyBits, entry, contradictions));
            for (Misfit each : contradictions) tell(each, findings);
        }
        for (Misfit each : deletions) {
            boolean byAnother = found != null && isMarker(found.find(each.keyBits()));
            if (!IndexEntry.isLive(index.find(each.keyBits())) && !byAnother) tell(each, findings);
        }
        if (oneTooMany != null) tell(oneTooMany, findings);
    }

    private void tell(Misfit misfit, Findings findings) throws IOException {
        findings.found(misfit.keyBits(), misfit.what() + "; " + files.idx() + " or the record is damaged. Stop the server and "
                + "let weed fix make the index anew from the records, or let weed compact -dropUnreadable go by the index");
    }

    private void markSuperseded(NeedleIndex records, DiskFile idx, long rows) throws IOException {
        IndexFile.walk(idx, 0, rows, (_, keyBits, entry) -> {
            long record = records.find(keyBits);
            if (IndexEntry.isLive(record) && IndexEntry.offset(entry) > IndexEntry.offset(record)) records.put(keyBits, SUPERSEDED);
        });
    }

    private void contradiction(long keyBits, long record, List<Misfit> contradictions) {
        if (record == SUPERSEDED || contradictions.size() > MOST_MISFITS) return;
        long now = index.find(keyBits);
        long offset = IndexEntry.offset(record);
        String key = Long.toHexString(keyBits);
        // A deleted entry keeps the offset of what it held last.
        boolean later = now != IndexEntry.ABSENT && IndexEntry.offset(now) >= offset;
        if (IndexEntry.isLive(record)) {
            if (later) return;
            contradictions.add(new Misfit(keyBits, offset,
                    files.dat() + " at " + offset + ": a whole record of key " + key + " lies there, and nothing that replaces it "
                            + "or deletes it; yet no row of the index leads to it"));
        } else if (IndexEntry.isLive(now) && !later) {
            contradictions.add(new Misfit(keyBits, offset,
                    files.dat() + " at " + offset + ": key " + key + " is deleted there, but not in the index"));
        }
    }

    private static boolean isMarker(long entry) {
        return entry != IndexEntry.ABSENT && entry != SUPERSEDED && !IndexEntry.isLive(entry);
    }

    private void account(long from, long bytes) throws IOException {
        if (from > accounted) search(accounted, from);
        bodiesSaid.clear();
        accounted = Math.max(accounted, from + bytes);
    }

    private void search(long from, long to) throws IOException {
        // As in a rebuild: what it would find must not be lost.
        new RecordWalk(dat, files.dat(), version, Math.min(to, datEnd), _ -> true).walk(from, 0, true, new RecordWalk.Visitor() {
            @Override
            public void record(RecordWalk.Found record) throws IOException {
                reading.read(record.end(version) - record.offset());
                note(record);
            }

            @Override
            public void damaged(RecordWalk.Found record) throws IOException {
                reading.read(record.end(version) - record.offset());
            }

            @Override
            public void gap(long start, long behind) throws IOException {
                reading.read(behind - start);
            }
        });
    }

    private void note(RecordWalk.Found record) {
        if (found == null) found = new NeedleIndex(record.keyBits());
        long offset = Math.min(record.offset(), LAST_OFFSET);
        long marker = IndexEntry.of(offset, IndexEntry.DELETED_BODY_BYTES);
        switch (record.kind()) {
            case DATA, LIVE_EMPTY -> found.put(record.keyBits(), IndexEntry.of(offset, record.bodyBytes()));
            case DELETION -> found.put(record.keyBits(), marker);
            case DELETION_OR_EMPTY -> {
                Integer said = bodiesSaid.get(record.offset());
                if (said != null) found.put(record.keyBits(), said == 0 ? IndexEntry.of(offset, 0) : marker);
                // Without a row nobody was told of it, but what it may have deleted is not missed.
                else if (IndexEntry.isLive(found.find(record.keyBits()))) found.put(record.keyBits(), SUPERSEDED);
            }
        }
    }

    /** The header at an offset; null if the file ends before. */
    private @Nullable NeedleHeader header(long offset) throws IOException {
        if (offset + NeedleHeader.BYTES > datEnd) return null;
        if (offset < headersAt || offset + NeedleHeader.BYTES > headersAt + headers.limit()) {
            // To the end of the page: the next one may be in it, and less costs the same.
            long end = Math.min(datEnd, (offset + NeedleHeader.BYTES + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES);
            headersAt = offset;
            headers.clear().limit((int) (end - offset));
            RecordReader.readFully(dat, files.dat(), headers, offset, offset);
            headers.flip();
            reading.read(headers.limit());
        }
        return NeedleHeader.decode(headers, (int) (offset - headersAt));
    }

    @Override
    public void close() {
        if (found != null) found.close();
    }
}
