package dev.kelpfs.testkit;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * Where the randomness of a test comes from. {@link #announced(String)} prints the value, so that any run can be
 * repeated with {@code -Dkelp.seed=<value>} (the same on the command line of Maven).
 *
 * @param value the whole state: equal seeds give equal runs
 */
public record Seed(long value) {
    /** System property that fixes the seed: a decimal number, or hexadecimal after {@code 0x}. */
    public static final String PROPERTY = "kelp.seed";

    /**
     * The seed of {@value #PROPERTY}, or a fresh one; printed to standard output with the name of who uses it.
     *
     * @throws NumberFormatException if the property is set and is no number
     */
    public static Seed announced(String user) {
        String wanted = System.getProperty(PROPERTY, "");
        Seed seed = new Seed(wanted.isEmpty() ? new SecureRandom().nextLong() : Long.decode(wanted));
        System.out.println(user + ": seed " + seed + " (repeat with -D" + PROPERTY + "=" + seed.value + ")");
        return seed;
    }

    /** A new generator that starts at this seed. Not safe for use by several threads: {@link #derive} one for each. */
    public SplittableRandom random() {
        return new SplittableRandom(value);
    }

    /** The seed of the {@code index}-th part of this run: independent of its siblings, the same in every run. */
    public Seed derive(long index) {
        // The finisher of splitmix64 keeps neighbouring indices from giving overlapping streams.
        long z = value + (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return new Seed(z ^ z >>> 31);
    }

    /** {@code length} bytes that depend on this seed alone; cheap enough to be made again for a comparison. */
    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random().nextBytes(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
