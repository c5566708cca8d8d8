package dev.kelpfs.http.multipart;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The line end, two dashes and the boundary that end a part, and a fast search for them. */
final class Delimiter {
    private static final long EVERY_BYTE = 0x0101010101010101L;
    private static final long EVERY_HIGH_BIT = 0x8080808080808080L;
    private static final long EIGHT_CARRIAGE_RETURNS = EVERY_BYTE * '\r';
    private static final int LINE_END = 2;

    private final byte[] bytes;

    Delimiter(Boundary boundary) {
        bytes = ("\r\n--" + boundary.text()).getBytes(StandardCharsets.US_ASCII);
    }

    int length() {
        return bytes.length;
    }

    /** Length without the line end, as it stands at the very beginning. */
    int lengthAtStart() {
        return bytes.length - LINE_END;
    }

    /** Whether the form without line end stands at {@code at}, as far as there are bytes. */
    boolean mayStandAtStart(ByteBuffer window, int at, int limit) {
        return matches(window, at, limit, LINE_END);
    }

    /** Index of the first whole delimiter in {@code [from, limit)}, or -1. */
    int find(ByteBuffer window, int from, int limit) {
        int last = limit - bytes.length;
        for (int at = carriageReturn(window, from, limit); at >= 0 && at <= last; at = carriageReturn(window, at + 1, limit)) {
            if (matches(window, at, limit, 0)) return at;
        }
        return -1;
    }

    /** Index from which on the bytes up to {@code limit} may be the beginning of a delimiter; {@code limit} if none may. */
    int possibleStart(ByteBuffer window, int from, int limit) {
        int earliest = Math.max(from, limit - bytes.length + 1);
        for (int at = carriageReturn(window, earliest, limit); at >= 0; at = carriageReturn(window, at + 1, limit)) {
            if (matches(window, at, limit, 0)) return at;
        }
        return limit;
    }

    /** Compares from the {@code skipped}th byte of the delimiter on, as far as the window goes. */
    private boolean matches(ByteBuffer window, int at, int limit, int skipped) {
        int count = Math.min(bytes.length - skipped, limit - at);
        for (int i = 0; i < count; i++) {
            if (window.get(at + i) != bytes[skipped + i]) return false;
        }
        return true;
    }

    /** Eight bytes at a time: a zero byte in {@code x} is where (x - 1) and not x both have the high bit. */
    private static int carriageReturn(ByteBuffer window, int from, int limit) {
        int at = from;
        for (int wide = limit - Long.BYTES; at <= wide; at += Long.BYTES) {
            long x = window.getLong(at) ^ EIGHT_CARRIAGE_RETURNS;
            if (((x - EVERY_BYTE) & ~x & EVERY_HIGH_BIT) != 0) break;
        }
        for (; at < limit; at++) {
            if (window.get(at) == '\r') return at;
        }
        return -1;
    }
}
