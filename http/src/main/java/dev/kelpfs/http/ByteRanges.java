package dev.kelpfs.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code Range} header over a body of known length.
 *
 * <p>Source: volume server, sections 3.5 and 9, in the recommended form: signs are refused, and so is a range in an empty
 * body or from its very end on.
 */
public final class ByteRanges {
    /** More ranges than this in one request are refused. */
    public static final int MAX_RANGES = 1000;

    private static final String UNIT = "bytes=";
    /** In place of a number. */
    private static final long ABSENT = -1;
    private static final long BAD = -2;

    private ByteRanges() {}

    /** What a {@code Range} header asks for. */
    public sealed interface Asked {
        /** No range: the whole body, 200. */
        record Whole() implements Asked {}

        /** One part, 206. */
        record One(ByteRange range) implements Asked {}

        /** Two or more parts in the order asked for, 206 {@code multipart/byteranges}; together no longer than the body. */
        record Several(List<ByteRange> ranges) implements Asked {
            public Several {
                ranges = List.copyOf(ranges);
            }
        }

        /** Ranges that ask for nothing, or for more than the body altogether: 200 with an empty body. */
        record Nothing() implements Asked {}

        /** 416. */
        record Invalid() implements Asked {}
    }

    /**
     * A part of a body.
     *
     * @param start first byte
     * @param length bytes, 1 or more
     */
    public record ByteRange(long start, long length) {
        public ByteRange {
            if (start < 0 || length < 1) throw new IllegalArgumentException("no range: " + length + " bytes from " + start);
        }

        /** Value of {@code Content-Range} in a body of {@code total} bytes. */
        public String contentRange(long total) {
            return "bytes " + start + "-" + (start + length - 1) + "/" + total;
        }
    }

    /**
     * @param header value of {@code Range}, empty if there is none
     * @param total bytes of the whole body
     */
    public static Asked parse(String header, long total) {
        if (header.isEmpty()) return new Asked.Whole();
        if (!header.startsWith(UNIT)) return new Asked.Invalid();
        List<ByteRange> ranges = new ArrayList<>(1);
        long sum = 0;
        for (int start = UNIT.length(); start <= header.length(); ) {
            int end = header.indexOf(',', start);
            if (end < 0) end = header.length();
            String item = header.substring(start, end).strip();
            start = end + 1;
            if (item.isEmpty()) continue;
            long[] range = range(item, total);
            if (range.length == 0 || ranges.size() == MAX_RANGES) return new Asked.Invalid();
            ranges.add(new ByteRange(range[0], range[1]));
            // Saturates: a thousand ranges of a huge body must not wrap around.
            sum = sum + range[1] < 0 ? Long.MAX_VALUE : sum + range[1];
        }
        if (ranges.isEmpty() || sum > total) return new Asked.Nothing();
        return ranges.size() == 1 ? new Asked.One(ranges.get(0)) : new Asked.Several(ranges);
    }

    /** Start and length; empty if the text is no range of a body of that length. */
    private static long[] range(String item, long total) {
        int dash = item.indexOf('-');
        if (dash < 0) return new long[0];
        long first = number(item.substring(0, dash).strip());
        long last = number(item.substring(dash + 1).strip());
        if (first == BAD || last == BAD || first == ABSENT && last == ABSENT) return new long[0];
        if (first == ABSENT) {
            long length = Math.min(last, total);
            return length == 0 ? new long[0] : new long[] {total - length, length};
        }
        if (first >= total || last != ABSENT && first > last) return new long[0];
        long end = last == ABSENT ? total - 1 : Math.min(last, total - 1);
        return new long[] {first, end - first + 1};
    }

    /** Decimal digits only; a number too large for a long is the largest long. */
    private static long number(String digits) {
        if (digits.isEmpty()) return ABSENT;
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') return BAD;
            value = value > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : value * 10 + (c - '0');
        }
        return value;
    }
}
