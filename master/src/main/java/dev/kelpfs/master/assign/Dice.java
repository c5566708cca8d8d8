package dev.kelpfs.master.assign;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Random numbers for many threads at once, drawn in bulk from one generator that is hard to guess: cookies keep strangers
 * from files. Threads share a few stripes, so they hardly ever meet. Safe for all threads.
 */
public final class Dice {
    private static final int STRIPES = 16;
    private static final int STRIPE_BYTES = 4096;

    private static final class Stripe {
        /** Guarded by the stripe. */
        final ByteBuffer bytes = ByteBuffer.allocate(STRIPE_BYTES).limit(0);
    }

    private final RandomGenerator source;
    private final Stripe[] stripes;

    /** @param source used by one thread at a time */
    public Dice(RandomGenerator source) {
        this(source, STRIPES);
    }

    /** @param stripes a power of two; with 1 the order of the questions alone decides what comes out */
    public Dice(RandomGenerator source, int stripes) {
        this.source = source;
        this.stripes = new Stripe[stripes];
        for (int i = 0; i < stripes; i++) this.stripes[i] = new Stripe();
    }

    /** 32 random bits. */
    public int bits() {
        Stripe stripe = stripes[(int) Thread.currentThread().threadId() & stripes.length - 1];
        synchronized (stripe) {
            if (stripe.bytes.remaining() < Integer.BYTES) refill(stripe.bytes);
            return stripe.bytes.getInt();
        }
    }

    /** A number of 0 (inclusive) to {@code bound} (exclusive), as even as 32 bits allow. */
    public int below(int bound) {
        return (int) (Integer.toUnsignedLong(bits()) * bound >>> Integer.SIZE);
    }

    private void refill(ByteBuffer bytes) {
        bytes.clear();
        synchronized (source) {
            source.nextBytes(bytes.array());
        }
    }
}
