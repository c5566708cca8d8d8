package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpDates;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers the texts of {@code Last-Modified} dates: files written in the same second share one, and formatting costs
 * more than all other headers together. Safe for all threads; a lost race formats once more.
 */
final class LastModified {
    private static final int SLOTS = 1024;

    private record Entry(long epochSeconds, AsciiString text) {}

    private final AtomicReferenceArray<Entry> slots = new AtomicReferenceArray<>(SLOTS);

    AsciiString text(long epochSeconds) {
        int slot = (int) (epochSeconds & (SLOTS - 1));
        Entry known = slots.getPlain(slot);
        if (known != null && known.epochSeconds == epochSeconds) return known.text;
        Entry made = new Entry(epochSeconds, new AsciiString(HttpDates.format(Instant.ofEpochSecond(epochSeconds))));
        slots.setRelease(slot, made);
        return made.text;
    }
}
