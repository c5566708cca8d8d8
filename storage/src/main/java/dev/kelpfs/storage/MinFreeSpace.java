package dev.kelpfs.storage;

import dev.kelpfs.disk.DiskSpace;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a disk is to stay free: a share in percent or a number of bytes.
 *
 * @param percent 0 to 100; used if {@code bytes} is 0
 * @param bytes 0, or more than 100
 */
public record MinFreeSpace(double percent, long bytes) {
    /** One percent. */
    public static final MinFreeSpace DEFAULT = new MinFreeSpace(1, 0);

    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([kmgtpe]?)(i?)b?");
    private static final String UNITS = "kmgtpe";

    public MinFreeSpace {
        if (!(percent >= 0 && percent <= 100)) throw new IllegalArgumentException("percent must be 0 to 100, got " + percent);
        if (bytes < 0) throw new IllegalArgumentException("negative size " + bytes);
    }

    /**
     * Parses a percentage (a number of at most 100) or a size such as {@code 10GiB} or {@code 500MB}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static MinFreeSpace parse(String text) {
        Matcher parts = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!parts.matches()) throw unexpected(text);
        double number = Double.parseDouble(parts.group(1));
        String unit = parts.group(2);
        if (unit.isEmpty() && number <= 100) return new MinFreeSpace(number, 0);
        double factor = parts.group(3).isEmpty() ? 1000 : 1024;
        double bytes = unit.isEmpty() ? number : number * Math.pow(factor, UNITS.indexOf(unit) + 1);
        if (bytes <= 100 || bytes > Long.MAX_VALUE) throw unexpected(text);
        return new MinFreeSpace(0, (long) bytes);
    }

    /** True if less than this is free. */
    public boolean isMissedBy(DiskSpace space) {
        return bytes > 0 ? space.freeBytes() < bytes : space.freePercent() < percent;
    }

    @Override
    public String toString() {
        return bytes > 0 ? bytes + " bytes" : percent + " %";
    }

    private static IllegalArgumentException unexpected(String text) {
        return new IllegalArgumentException(
                "minimum free space must be a percentage of 0 to 100 or a size such as 10GiB, got \"" + text + "\"");
    }
}
