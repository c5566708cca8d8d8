package dev.kelpfs.core;

/**
 * Number of a volume: an unsigned 32-bit id, never given to two volumes of a cluster.
 *
 * @param bits the id; read it unsigned, for example through {@link #value()}
 */
public record VolumeId(int bits) implements Comparable<VolumeId> {
    /** The id as a non-negative number. */
    public long value() {
        return Integer.toUnsignedLong(bits);
    }

    /**
     * Reads decimal digits as the reference does: they must fit 64 bits, and the low 32 bits are the id.
     *
     * @throws IllegalArgumentException if the text is empty, has anything but digits, or does not fit 64 bits
     */
    public static VolumeId parse(String text) {
        if (!isDecimal(text)) throw new IllegalArgumentException("volume id must be decimal digits, got \"" + text + "\"");
        try {
            return new VolumeId((int) Long.parseUnsignedLong(text));
        } catch (NumberFormatException tooLong) {
            throw new IllegalArgumentException("volume id does not fit 64 bits: " + text, tooLong);
        }
    }

    private static boolean isDecimal(String text) {
        if (text.isEmpty()) return false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') return false;
        }
        return true;
    }

    @Override
    public int compareTo(VolumeId other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(bits);
    }
}
