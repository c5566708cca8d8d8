package dev.kelpfs.cli.progress;

import java.time.Duration;
import java.util.Locale;

/** The words of a progress line. Pure. */
final class ProgressText {
    private static final int PERCENT = 100;
    private static final long KIBI = 1024;
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long MOST_SECONDS_TOLD = 99 * 3600;

    private ProgressText() {}

    /**
     * @param total 0 if nobody knows
     * @param unit what is counted
     */
    static String of(String what, long done, long total, Progress.Unit unit, Duration elapsed) {
        StringBuilder text = new StringBuilder(what).append(": ").append(amount(done, unit));
        double perSecond = elapsed.isZero() ? 0 : done / (elapsed.toNanos() / NANOS_PER_SECOND);
        if (total > 0) {
            text.append(" of ").append(amount(total, unit));
            text.append(", ").append(Math.min(PERCENT, done * PERCENT / total)).append(" %");
        }
        text.append(", ").append(amount((long) perSecond, unit)).append("/s");
        if (total > done && perSecond >= 1) {
            long left = Math.min(MOST_SECONDS_TOLD, Math.round((total - done) / perSecond));
            text.append(", ").append(left / 60).append(String.format(Locale.ROOT, ":%02d left", left % 60));
        }
        return text.toString();
    }

    private static String amount(long number, Progress.Unit unit) {
        return switch (unit) {
            case BYTES -> bytes(number);
            case ITEMS -> Long.toString(number);
        };
    }

    private static String bytes(long number) {
        if (number < KIBI) return number + " B";
        double value = number;
        int unit = -1;
        while (value >= KIBI && unit < UNITS.length - 1) {
            value /= KIBI;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
