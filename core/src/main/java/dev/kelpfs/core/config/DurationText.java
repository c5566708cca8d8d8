package dev.kelpfs.core.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;

/**
 * Durations as flags and configuration files write them: numbers with units in a row, such as {@code 1h30m},
 * {@code 1.5s} or {@code -300ms}; units are ns us µs ms s m h; a bare {@code 0} is allowed.
 *
 * <p>Source: command line, section 1.
 */
public final class DurationText {
    private static final Map<String, Long> NANOS_OF_UNIT = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "\u00b5s", 1_000L,
            "\u03bcs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private static final long NANOS_OF_MICRO = 1_000;
    private static final long NANOS_OF_MILLI = 1_000_000;
    private static final long NANOS_OF_SECOND = 1_000_000_000;

    private DurationText() {}

    /**
     * @throws IllegalArgumentException if the text is no duration or does not fit 64 bits of nanoseconds; the message
     *     gives the expected form
     */
    public static Duration parse(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String rest = signed ? text.substring(1) : text;
        if (rest.equals("0")) return Duration.ZERO;
        if (rest.isEmpty()) throw bad(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            int unitAt = endOf(rest, at, true);
            int next = endOf(rest, unitAt, false);
            Long unit = NANOS_OF_UNIT.get(rest.substring(unitAt, next));
            if (unit == null) throw bad(text);
            nanos = nanos.add(number(rest.substring(at, unitAt), text).multiply(BigDecimal.valueOf(unit)));
            at = next;
        }
        try {
            long whole = nanos.setScale(0, RoundingMode.DOWN).longValueExact();
            return Duration.ofNanos(text.startsWith("-") ? -whole : whole);
        } catch (ArithmeticException tooLong) {
            throw new IllegalArgumentException("the duration \"" + text + "\" is longer than 292 years", tooLong);
        }
    }

    /** The form in which help texts print it: {@code 300ms}, {@code 10s}, {@code 1m0s}, {@code 24h0m0s}, {@code 0s}. */
    public static String of(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) return "0s";
        String sign = nanos < 0 ? "-" : "";
        nanos = Math.abs(nanos);
        if (nanos < NANOS_OF_MICRO) return sign + nanos + "ns";
        if (nanos < NANOS_OF_MILLI) return sign + decimal(nanos, NANOS_OF_MICRO) + "\u00b5s";
        if (nanos < NANOS_OF_SECOND) return sign + decimal(nanos, NANOS_OF_MILLI) + "ms";
        long minutes = nanos / (60 * NANOS_OF_SECOND);
        String seconds = decimal(nanos % (60 * NANOS_OF_SECOND), NANOS_OF_SECOND) + "s";
        if (minutes == 0) return sign + seconds;
        if (minutes < 60) return sign + minutes + "m" + seconds;
        return sign + minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static int endOf(String text, int from, boolean digits) {
        int at = from;
        while (at < text.length() && isNumberPart(text.charAt(at)) == digits) at++;
        return at;
    }

    private static boolean isNumberPart(char c) {
        return c >= '0' && c <= '9' || c == '.';
    }

    private static BigDecimal number(String digits, String whole) {
        if (digits.isEmpty() || digits.equals(".")) throw bad(whole);
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException twoPoints) {
            throw bad(whole);
        }
    }

    private static String decimal(long nanos, long unit) {
        return BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(unit)).stripTrailingZeros().toPlainString();
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("a duration looks like 300ms, 10s or 1h30m, got \"" + text + "\"");
    }
}
