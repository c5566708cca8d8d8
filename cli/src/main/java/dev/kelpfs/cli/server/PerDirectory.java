package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.volume.DataDirectory.MinFree;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Flags with a value per data directory: as many as there are directories, or one for all. */
final class PerDirectory {
    private static final int MAX_PERCENT = 100;
    private static final Pattern SIZE = Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-z]*)\\s*");
    private static final Map<String, Long> BYTES_OF_UNIT = Map.ofEntries(
            Map.entry("", 1L), Map.entry("b", 1L),
            Map.entry("k", 1_000L), Map.entry("kb", 1_000L), Map.entry("kib", 1L << 10), Map.entry("ki", 1L << 10),
            Map.entry("m", 1_000_000L), Map.entry("mb", 1_000_000L), Map.entry("mib", 1L << 20), Map.entry("mi", 1L << 20),
            Map.entry("g", 1_000_000_000L), Map.entry("gb", 1_000_000_000L), Map.entry("gib", 1L << 30),
            Map.entry("gi", 1L << 30), Map.entry("t", 1_000_000_000_000L), Map.entry("tb", 1_000_000_000_000L),
            Map.entry("tib", 1L << 40), Map.entry("ti", 1L << 40));

    private final int directories;

    PerDirectory(int directories) {
        this.directories = directories;
    }

    /** @throws StartException if there are neither one nor as many values as directories */
    List<String> values(String flag, String text) throws StartException {
        List<String> values = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        if (values.size() == directories) return values;
        if (values.size() == 1) return Collections.nCopies(directories, values.getFirst());
        throw new StartException("-" + flag + "=" + text + " has " + values.size() + " values for " + directories
                + (directories == 1 ? " directory" : " directories") + "; give one for all, or one for each");
    }

    static int count(String flag, String text) throws StartException {
        try {
            int count = Integer.parseInt(text);
            if (count >= 0) return count;
        } catch (NumberFormatException notANumber) {
            throw new StartException("-" + flag + " takes numbers, got \"" + text + "\"", notANumber);
        }
        throw new StartException("-" + flag + " must be 0 or more, got " + text);
    }

    /** Up to 100 without a unit is percent, else bytes. */
    static MinFree minFree(String flag, String text) throws StartException {
        Matcher size = SIZE.matcher(text.endsWith("%") ? text.substring(0, text.length() - 1) : text);
        Long unit = size.matches() ? BYTES_OF_UNIT.get(size.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new StartException("-" + flag + " takes percent up to 100 or a size such as 10GiB, got \"" + text + "\"");
        }
        BigDecimal number = new BigDecimal(size.group(1));
        boolean percent = size.group(2).isEmpty() && number.compareTo(BigDecimal.valueOf(MAX_PERCENT)) <= 0;
        if (percent) return new MinFree(number.doubleValue(), 0);
        BigDecimal bytes = number.multiply(BigDecimal.valueOf(unit));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new StartException("-" + flag + "=" + text + " is more than any disk has");
        }
        return new MinFree(0, bytes.longValue());
    }

    static List<String> tags(String text) {
        return Arrays.stream(text.split(":")).map(String::strip).filter(tag -> !tag.isEmpty()).toList();
    }
}
