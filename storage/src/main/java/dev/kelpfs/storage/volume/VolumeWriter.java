package dev.kelpfs.storage.volume;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.needle.NeedleDraft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The rules of writing and deleting (storage formats, sections 10.1 and 10.3). Used only by whoever holds the append
 * right of the volume. With {@code mayBlock} false nothing is read that is not in memory, and the answer may be busy.
 */
final class VolumeWriter {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Ttl volumeTtl;
    private final InstantSource clock;
    private final VolumeCounters counters;
    private final AppendLog log;
    private final PriorRecord prior;
    private volatile long lastWriteEpochSeconds;

    VolumeWriter(Ttl volumeTtl, InstantSource clock, VolumeCounters counters, AppendLog log, long modifiedEpochSeconds) {
        this.volumeTtl = volumeTtl;
        this.clock = clock;
        this.counters = counters;
        this.log = log;
        this.prior = new PriorRecord(log.generation);
        this.lastWriteEpochSeconds = modifiedEpochSeconds;
    }

    /** The writer that goes on where this one ends, with other files that hold the same needles. */
    VolumeWriter onto(AppendLog nextLog, VolumeCounters nextCounters) {
        return new VolumeWriter(volumeTtl, clock, nextCounters, nextLog, lastWriteEpochSeconds);
    }

    AppendLog log() {
        return log;
    }

    VolumeCounters counters() {
        return counters;
    }

    /** When the data file was last written; any thread may ask. */
    long lastWriteEpochSeconds() {
        return lastWriteEpochSeconds;
    }

    AppendResult append(NeedleDraft asked, boolean mayBlock) throws IOException {
        NeedleDraft draft = asked.inheriting(volumeTtl);
        Generation generation = log.generation;
        long keyBits = draft.key().bits();
        Cookie cookie = draft.cookie();
        long before = generation.index.find(keyBits);
        if (before != IndexEntry.ABSENT) {
            if (!prior.load(generation, keyBits, before, mayBlock)) return AppendResult.Busy.ANSWER;
            if (volumeTtl.isNone() && IndexEntry.isLive(before) && IndexEntry.bodyBytes(before) > 0) {
                switch (prior.holds(draft, mayBlock)) {
                    case YES -> {
                        return new AppendResult.Unchanged(draft.dataBytes(), draft.checksum());
                    }
                    case WOULD_BLOCK -> {
                        return AppendResult.Busy.ANSWER;
                    }
                    case NO -> { }
                }
            }
            if (draft.isCookieAdopted() && cookie.bits() == 0) cookie = prior.cookie();
            if (!cookie.equals(prior.cookie())) return new AppendResult.WrongCookie();
        }
        long offset = log.datEnd();
        // Empty ones too: their row would name another record.
        if (offset >= IndexEntry.OFFSET_LIMIT_BYTES) {
            return new AppendResult.VolumeFull("the volume has reached " + offset + " bytes, the most its index can express");
        }
        return append(draft, cookie, keyBits, offset);
    }

    private AppendResult append(NeedleDraft draft, Cookie cookie, long keyBits, long offset) throws IOException {
        Generation generation = log.generation;
        long nanos = now();
        int bodyBytes = draft.bodyBytes(generation.version);
        long entry = IndexEntry.of(offset, bodyBytes);
        try {
            log.append(log.encoder.encode(draft, cookie, nanos), generation.version.recordBytes(bodyBytes),
                    keyBits, entry, nanos);
        } catch (DiskFullException full) {
            return new AppendResult.DiskFull(String.valueOf(full.getMessage()));
        }
        counters.put(keyBits, bodyBytes, generation.index.put(keyBits, entry));
        written(nanos);
        return new AppendResult.Stored(draft.dataBytes(), draft.checksum(), nanos);
    }

    DeleteResult delete(NeedleKey key, Optional<Cookie> wanted, boolean mayBlock) throws IOException {
        Generation generation = log.generation;
        long keyBits = key.bits();
        long before = generation.index.find(keyBits);
        if (!IndexEntry.isLive(before)) return DeleteResult.NotFound.ANSWER;
        int bodyBytes = IndexEntry.bodyBytes(before);
        // As in the reference a needle without data is deleted without a look at its record.
        if (bodyBytes > 0) {
            if (!prior.load(generation, keyBits, before, mayBlock)) return DeleteResult.Busy.ANSWER;
            if (wanted.isPresent() && !wanted.get().equals(prior.cookie())) return new DeleteResult.WrongCookie();
        }
        long nanos = now();
        ByteBuffer marker = log.encoder.encodeMarker(
                keyBits, wanted.orElse(new Cookie(0)), bodyBytes > 0 ? prior.checksum() : 0, nanos);
        long row = IndexEntry.of(log.datEnd(), IndexEntry.DELETED_BODY_BYTES);
        try {
            log.append(new ByteBuffer[] {marker}, generation.version.recordBytes(0), keyBits, row, nanos);
        } catch (DiskFullException full) {
            return new DeleteResult.DiskFull(String.valueOf(full.getMessage()));
        }
        generation.index.put(keyBits, IndexEntry.deleted(before));
        counters.delete(keyBits, before);
        written(nanos);
        return new DeleteResult.Deleted(bodyBytes);
    }

    private long now() {
        Instant now = clock.instant();
        return log.nextEpochNanos(now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
    }

    private void written(long nanos) {
        long seconds = nanos / NANOS_PER_SECOND;
        if (seconds > lastWriteEpochSeconds) lastWriteEpochSeconds = seconds;
    }
}
