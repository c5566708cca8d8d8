package dev.kelpfs.benchmarks.harness;

import java.nio.file.Path;

/**
 * The command line of a measurement of which only the number of rounds can be chosen.
 *
 * @param weed the launcher under test
 */
public record RoundsOptions(Path weed, int rounds) {
    private static final int DEFAULT_ROUNDS = 5;

    /** @throws IllegalArgumentException for anything unknown, with the reason and the usage */
    public static RoundsOptions parse(String name, String... arguments) {
        Path weed = Path.of("./weed");
        int rounds = DEFAULT_ROUNDS;
        for (String argument : arguments) {
            if (argument.matches("-rounds=[1-9][0-9]?")) rounds = Integer.parseInt(argument.substring("-rounds=".length()));
            else if (argument.startsWith("-weed=")) weed = Path.of(argument.substring("-weed=".length()));
            else throw new IllegalArgumentException("cannot read \"" + argument + "\"\nusage: bench " + name + " [-rounds=1 to 99]");
        }
        return new RoundsOptions(weed.toAbsolutePath().normalize(), rounds);
    }
}
