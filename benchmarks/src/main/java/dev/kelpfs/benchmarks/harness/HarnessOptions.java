package dev.kelpfs.benchmarks.harness;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the command line of the harness can change.
 *
 * @param weed the launcher under test
 * @param rounds how often everything is measured; the table shows medians
 * @param seconds of load for one figure of one round
 * @param connections keep-alive connections
 * @param ownLoad whether our own generator is used although wrk is installed
 * @param directory parent of the data directories, on the disk to be measured
 */
record HarnessOptions(Path weed, int rounds, int seconds, int connections, boolean ownLoad, Path directory) {
    static final String USAGE = "usage: bench [-rounds=5] [-seconds=4] [-connections=64] [-load=wrk|own]"
            + " [-dir=<parent of data directories>]";

    private static final Set<String> KNOWN = Set.of("weed", "rounds", "seconds", "connections", "load", "dir");

    HarnessOptions {
        if (rounds < 1 || rounds > 99) throw new IllegalArgumentException("-rounds is 1 to 99, got " + rounds);
        if (seconds < 1 || seconds > 600) throw new IllegalArgumentException("-seconds is 1 to 600, got " + seconds);
        if (connections < 1 || connections > 5_000) {
            throw new IllegalArgumentException("-connections is 1 to 5000, got " + connections);
        }
    }

    /** @throws IllegalArgumentException for anything unknown, with the reason */
    static HarnessOptions parse(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.replaceFirst("^--?", "").split("=", 2);
            if (!argument.startsWith("-") || parts.length < 2 || !KNOWN.contains(parts[0])) {
                throw new IllegalArgumentException("cannot read \"" + argument + "\"\n" + USAGE);
            }
            given.put(parts[0], parts[1]);
        }
        String load = given.getOrDefault("load", "wrk");
        if (!Set.of("wrk", "own").contains(load)) throw new IllegalArgumentException("-load is wrk or own, got " + load);
        return new HarnessOptions(
                Path.of(given.getOrDefault("weed", "./weed")).toAbsolutePath().normalize(),
                number(given, "rounds", 5),
                number(given, "seconds", 4),
                number(given, "connections", 64),
                load.equals("own"),
                Path.of(given.getOrDefault("dir", System.getProperty("java.io.tmpdir"))));
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        String text = given.get(name);
        if (text == null) return otherwise;
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("-" + name + " needs a number, got \"" + text + "\"", noNumber);
        }
    }
}
