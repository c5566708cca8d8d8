package dev.kelpfs.benchmarks.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What the command line of the storage harness can change.
 *
 * @param needles in the volume that is opened
 * @param rounds how often everything is measured; the table shows medians
 * @param seconds of writes for one figure of one round
 * @param writers threads that each wait for one durable write after another
 * @param volumes over which they spread in the figure for several
 * @param delay what a sync waits beside what the disk itself takes, in the figures for a slower disk
 * @param directory parent of the data directories, on the disk to be measured
 */
record StorageOptions(
        int needles, int rounds, int seconds, int writers, int volumes, Duration delay, Path directory) {
    static final String USAGE = "usage: bench storage [-needles=10000000] [-rounds=5] [-seconds=2] [-writers=64]"
            + " [-volumes=7] [-delay-ms=2] [-dir=<parent of data directories>]";

    StorageOptions {
        within("needles", needles, 1, 100_000_000);
        within("rounds", rounds, 1, 99);
        within("seconds", seconds, 1, 600);
        within("writers", writers, 1, 1_000);
        within("volumes", volumes, 1, OpenedStore.MAX_VOLUMES);
        within("delay-ms", delay.toMillis(), 0, 1_000);
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("-" + name + " is " + least + " to " + most + ", got " + value);
        }
    }

    /** @throws IllegalArgumentException for anything unknown, with the reason */
    static StorageOptions parse(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.replaceFirst("^--?", "").split("=", 2);
            if (!argument.startsWith("-") || parts.length < 2) throw unreadable(argument);
            given.put(parts[0], parts[1]);
        }
        StorageOptions options = new StorageOptions(
                number(given, "needles", 10_000_000),
                number(given, "rounds", 5),
                number(given, "seconds", 2),
                number(given, "writers", 64),
                number(given, "volumes", 7),
                Duration.ofMillis(number(given, "delay-ms", 2)),
                Path.of(take(given, "dir", System.getProperty("java.io.tmpdir"))));
        if (!given.isEmpty()) throw unreadable("-" + given.keySet().iterator().next());
        return options;
    }

    private static String take(Map<String, String> given, String name, String otherwise) {
        String text = given.remove(name);
        return text == null ? otherwise : text;
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        String text = take(given, name, Integer.toString(otherwise));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("-" + name + " needs a number, got \"" + text + "\"", noNumber);
        }
    }

    private static IllegalArgumentException unreadable(String argument) {
        return new IllegalArgumentException("cannot read \"" + argument + "\"\n" + USAGE);
    }
}
