package dev.kelpfs.core;

/**
 * Key of a needle inside its volume: an unsigned 64-bit number. Key 0 is never assigned.
 *
 * @param bits the key; compare and print it unsigned
 */
public record NeedleKey(long bits) implements Comparable<NeedleKey> {
    /**
     * The key that lies {@code delta} after this one, as the path form {@code fid_delta} asks for.
     *
     * @throws IllegalArgumentException if the sum does not fit 64 bits
     */
    public NeedleKey plus(long delta) {
        long sum = bits + delta;
        if (Long.compareUnsigned(sum, bits) < 0) {
            throw new IllegalArgumentException(
                    "key " + Long.toUnsignedString(bits) + " + " + Long.toUnsignedString(delta) + " does not fit 64 bits");
        }
        return new NeedleKey(sum);
    }

    @Override
    public int compareTo(NeedleKey other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    /** Lower-case hex without a sign. */
    @Override
    public String toString() {
        return Long.toHexString(bits);
    }
}
