package dev.kelpfs.core;

/**
 * The random number that guards a needle: it is stored in the record and must match on read, overwrite and delete.
 *
 * @param bits all 32 bits are random
 */
public record Cookie(int bits) {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Eight lower-case hex digits. */
    @Override
    public String toString() {
        char[] digits = new char[8];
        for (int i = 0; i < 8; i++) digits[i] = HEX[(bits >>> (28 - 4 * i)) & 15];
        return new String(digits);
    }
}
