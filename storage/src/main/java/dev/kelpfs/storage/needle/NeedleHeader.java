package dev.kelpfs.storage.needle;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import java.nio.ByteBuffer;

/**
 * Leading 16 bytes of every record: cookie u32, key u64, body length i32.
 *
 * @param bodyBytes as read; negative only in damaged files
 */
public record NeedleHeader(Cookie cookie, NeedleKey key, int bodyBytes) {
    public static final int BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES;

    private static final int KEY_AT = Integer.BYTES;
    private static final int BODY_BYTES_AT = KEY_AT + Long.BYTES;

    /** Reads the header that starts at {@code at} in a big-endian buffer; any 16 bytes form one. */
    public static NeedleHeader decode(ByteBuffer in, int at) {
        return new NeedleHeader(new Cookie(cookieBits(in, at)), new NeedleKey(keyBits(in, at)), bodyBytes(in, at));
    }

    static int cookieBits(ByteBuffer in, int at) {
        return in.getInt(at);
    }

    static long keyBits(ByteBuffer in, int at) {
        return in.getLong(at + KEY_AT);
    }

    static int bodyBytes(ByteBuffer in, int at) {
        return in.getInt(at + BODY_BYTES_AT);
    }
}
