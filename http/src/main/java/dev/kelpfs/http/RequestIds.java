package dev.kelpfs.http;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Ids of requests: the clock in nanoseconds in upper-case hex, then 8 random hex digits. Safe for all threads, without a
 * lock.
 *
 * <p>Source: volume server, section 3.2.
 */
public final class RequestIds {
    /** The header that carries them. */
    public static final AsciiString HEADER = AsciiString.cached("X-Amz-Request-Id");

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final int RANDOM_DIGITS = 8;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Step and mixers of SplitMix64: one atomic addition gives every caller its own number. */
    private static final long STEP = 0x9e3779b97f4a7c15L;
    private static final long FIRST_MIXER = 0xbf58476d1ce4e5b9L;
    private static final long SECOND_MIXER = 0x94d049bb133111ebL;

    private final InstantSource clock;
    private final AtomicLong state;

    /** @param random asked once, for the start of the sequence */
    public RequestIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.state = new AtomicLong(random.nextLong());
    }

    /** A fresh id. */
    public AsciiString next() {
        Instant now = clock.instant();
        long nanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
        int clockDigits = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(nanos) + 3) / 4);
        byte[] text = new byte[clockDigits + RANDOM_DIGITS];
        writeHex(nanos, text, 0, clockDigits);
        writeHex(random(), text, clockDigits, RANDOM_DIGITS);
        return new AsciiString(text, false);
    }

    private long random() {
        long mixed = state.addAndGet(STEP);
        mixed = (mixed ^ mixed >>> 30) * FIRST_MIXER;
        mixed = (mixed ^ mixed >>> 27) * SECOND_MIXER;
        return mixed ^ mixed >>> 31;
    }

    private static void writeHex(long value, byte[] target, int offset, int digits) {
        long rest = value;
        for (int i = offset + digits - 1; i >= offset; i--) {
            target[i] = HEX[(int) rest & 15];
            rest >>>= 4;
        }
    }
}
