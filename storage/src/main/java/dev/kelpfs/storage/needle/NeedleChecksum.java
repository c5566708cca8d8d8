package dev.kelpfs.storage.needle;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Checksum of a needle: CRC-32C over the data as stored (the compressed bytes of compressed data). Files written
 * before version 3.09 of the reference hold a transform of it; a reader accepts both.
 *
 * <p>Source: storage formats, section 5.5.
 */
public final class NeedleChecksum {
    private static final int LEGACY_ROTATION = 15;
    private static final int LEGACY_ADDEND = 0xa282ead8;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private NeedleChecksum() {}

    /** Checksum of the remaining bytes; the position stays. */
    public static int of(ByteBuffer data) {
        CRC32C crc = new CRC32C();
        crc.update(data.duplicate());
        return (int) crc.getValue();
    }

    /** Checksum of {@code bytes} bytes from {@code at} on. */
    public static int of(ByteBuffer buffer, int at, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(at, bytes));
        return (int) crc.getValue();
    }

    /** The form in which old files hold the checksum {@code plain}. */
    public static int legacy(int plain) {
        return Integer.rotateRight(plain, LEGACY_ROTATION) + LEGACY_ADDEND;
    }

    /** True if {@code stored} stands for {@code plain}, in either form. */
    public static boolean matches(int stored, int plain) {
        return stored == plain || stored == legacy(plain);
    }

    /** Eight lower-case hex digits: the entity tag of the data, without quotes. */
    public static String etag(int plain) {
        char[] digits = new char[8];
        for (int i = 0; i < 8; i++) digits[i] = HEX[(plain >>> (28 - 4 * i)) & 15];
        return new String(digits);
    }
}
