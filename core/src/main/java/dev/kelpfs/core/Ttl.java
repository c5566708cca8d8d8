package dev.kelpfs.core;

import java.time.Duration;
import java.util.List;

/**
 * Time to live: a count of 1 to 255 and a unit, or none. Two bytes on disk (count, unit), a u32 of
 * {@code count * 256 + unit} on the wire, and text such as {@code 3m} or {@code 7d}.
 *
 * <p>Source: storage formats, section 7.1.
 *
 * @param count 0 for none, else 1 to 255
 */
public record Ttl(int count, Unit unit) {
    /** No time to live: what is stored stays. */
    public static final Ttl NONE = new Ttl(0, Unit.NONE);

    private static final int MAX_COUNT = 255;
    private static final List<Unit> LARGEST_FIRST = List.of(Unit.YEAR, Unit.MONTH, Unit.WEEK, Unit.DAY, Unit.HOUR);
    private static final List<Unit> SMALLEST_FIRST =
            List.of(Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR);

    /** Units in the order of their code on disk; a month has 30 days, a year 365. */
    public enum Unit {
        NONE("", 0),
        MINUTE("m", 1),
        HOUR("h", 60),
        DAY("d", 24 * 60),
        WEEK("w", 7 * 24 * 60),
        MONTH("M", 30 * 24 * 60),
        YEAR("y", 365 * 24 * 60);

        private final String letter;
        private final int minutes;

        Unit(String letter, int minutes) {
            this.letter = letter;
            this.minutes = minutes;
        }
    }

    public Ttl {
        if (count < 0 || count > MAX_COUNT) throw new IllegalArgumentException("ttl count must be 0 to 255, got " + count);
        if (count == 0 || unit == Unit.NONE) {
            count = 0;
            unit = Unit.NONE;
        }
    }

    /**
     * Parses {@code 90m}, {@code 7d} and the like; digits alone are minutes, the empty text and 0 are none. The
     * result is expressed in the largest unit that holds it exactly, else rounded down in the smallest that fits.
     *
     * @throws IllegalArgumentException if the count is no number, the unit is none of m h d w M y, or the time is
     *     longer than 255 years
     */
    public static Ttl parse(String text) {
        if (text.isEmpty()) return NONE;
        char last = text.charAt(text.length() - 1);
        boolean bare = last >= '0' && last <= '9';
        String digits = bare ? text : text.substring(0, text.length() - 1);
        long count;
        try {
            if (digits.isEmpty() || digits.charAt(0) == '+') throw new NumberFormatException(digits);
            count = Long.parseLong(digits);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "ttl must be a number and one of m h d w M y (3m, 7d), got \"" + text + "\"", notANumber);
        }
        Unit unit = bare ? Unit.MINUTE : unitOf(last, text);
        if (count < 0) throw new IllegalArgumentException("ttl must not be negative, got \"" + text + "\"");
        if (count > Integer.MAX_VALUE) throw tooLong(text);
        return ofMinutes(count * unit.minutes, text);
    }

    /** Reads the two bytes of a superblock or record; an unknown unit reads as none, as the reference has it. */
    public static Ttl fromBytes(int count, int unitCode) {
        Unit[] units = Unit.values();
        int code = unitCode & 0xff;
        return code < units.length ? new Ttl(count & 0xff, units[code]) : NONE;
    }

    /** Reads the form used in messages, {@code count * 256 + unit}. */
    public static Ttl fromWire(int value) {
        return fromBytes(value >>> 8, value);
    }

    public boolean isNone() {
        return count == 0;
    }

    /** Code of the unit on disk. */
    public int unitCode() {
        return unit.ordinal();
    }

    /** The form used in messages. */
    public int toWire() {
        return count * 256 + unitCode();
    }

    /** Whole minutes; 0 for none. */
    public long minutes() {
        return (long) count * unit.minutes;
    }

    public Duration duration() {
        return Duration.ofMinutes(minutes());
    }

    /** Count and letter; empty for none. */
    @Override
    public String toString() {
        return isNone() ? "" : count + unit.letter;
    }

    private static Unit unitOf(char letter, String text) {
        for (Unit unit : SMALLEST_FIRST) {
            if (unit.letter.charAt(0) == letter) return unit;
        }
        throw new IllegalArgumentException("ttl unit must be one of m h d w M y, got \"" + text + "\"");
    }

    private static Ttl ofMinutes(long minutes, String text) {
        if (minutes == 0) return NONE;
        for (Unit unit : LARGEST_FIRST) {
            if (minutes % unit.minutes == 0 && minutes / unit.minutes <= MAX_COUNT) {
                return new Ttl((int) (minutes / unit.minutes), unit);
            }
        }
        for (Unit unit : SMALLEST_FIRST) {
            if (minutes / unit.minutes <= MAX_COUNT) return new Ttl((int) (minutes / unit.minutes), unit);
        }
        throw tooLong(text);
    }

    private static IllegalArgumentException tooLong(String text) {
        return new IllegalArgumentException("ttl must be at most 255 years, got \"" + text + "\"");
    }
}
