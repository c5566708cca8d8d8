package dev.kelpfs.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Dates of HTTP headers in their one fixed form, {@code Sun, 06 Nov 1994 08:49:37 GMT}, to the second.
 *
 * <p>Source: volume server, section 3.4; RFC 9110, 5.6.7.
 */
public final class HttpDates {
    private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final String LAYOUT = "ddd, 00 mmm 0000 00:00:00 GMT";
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private HttpDates() {}

    /** @throws IllegalArgumentException for a year that has not four digits */
    public static String format(Instant time) {
        if (time.isBefore(FIRST) || !time.isBefore(END)) {
            throw new IllegalArgumentException("an HTTP date has a year of 0 to 9999, got " + time);
        }
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(LAYOUT.length());
        out.append(DAYS.get(utc.getDayOfWeek().ordinal())).append(", ");
        digits(out, utc.getDayOfMonth(), 2).append(' ').append(MONTHS.get(utc.getMonthValue() - 1)).append(' ');
        digits(out, utc.getYear(), 4).append(' ');
        digits(out, utc.getHour(), 2).append(':');
        digits(out, utc.getMinute(), 2).append(':');
        return digits(out, utc.getSecond(), 2).append(" GMT").toString();
    }

    /** Reads the fixed form; the weekday need not fit the date. Empty for everything else. */
    public static Optional<Instant> parse(CharSequence text) {
        if (text.length() != LAYOUT.length() || !hasLayout(text)) return Optional.empty();
        String day = text.subSequence(0, 3).toString();
        int month = MONTHS.indexOf(text.subSequence(8, 11).toString());
        if (!DAYS.contains(day) || month < 0) return Optional.empty();
        try {
            return Optional.of(LocalDateTime.of(
                            number(text, 12, 16), month + 1, number(text, 5, 7), number(text, 17, 19), number(text, 20, 22),
                            number(text, 23, 25))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException noSuchDate) {
            return Optional.empty();
        }
    }

    /** Digits stand where the layout has 0, letters where it has d or m, and everything else is equal. */
    private static boolean hasLayout(CharSequence text) {
        for (int i = 0; i < LAYOUT.length(); i++) {
            char wanted = LAYOUT.charAt(i);
            char c = text.charAt(i);
            boolean fits = switch (wanted) {
                case '0' -> c >= '0' && c <= '9';
                case 'd', 'm' -> true;
                default -> c == wanted;
            };
            if (!fits) return false;
        }
        return true;
    }

    private static int number(CharSequence text, int start, int end) {
        return Integer.parseInt(text, start, end, 10);
    }

    private static StringBuilder digits(StringBuilder out, int value, int count) {
        String text = Integer.toString(value);
        for (int i = text.length(); i < count; i++) out.append('0');
        return out.append(text);
    }
}
