package dev.kelpfs.benchmarks.failover;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line can change.
 *
 * @param weed the launcher under test
 * @param rounds how often a leader is killed, and how often stopped, in each form
 * @param fresh how often a cluster is started on empty directories, in each form
 * @param volumes how many the cluster has that is restarted as a whole; 0 leaves that out
 * @param forms in which processes the servers run
 */
record FailoverOptions(Path weed, int rounds, int fresh, int volumes, List<Form> forms) {
    static final String USAGE = "usage: bench failover [-rounds=30] [-fresh=3] [-volumes=1000] [-form=three|six|both]";

    FailoverOptions {
        if (rounds < 0 || rounds > 1_000) throw new IllegalArgumentException("-rounds is 0 to 1000, got " + rounds);
        if (fresh < 0 || fresh > 100) throw new IllegalArgumentException("-fresh is 0 to 100, got " + fresh);
        if (volumes < 0 || volumes > 10_000) throw new IllegalArgumentException("-volumes is 0 to 10000, got " + volumes);
    }

    /** @throws IllegalArgumentException for anything unknown, with the reason */
    static FailoverOptions parse(String... arguments) {
        Path weed = Path.of("./weed");
        int rounds = 30;
        int fresh = 3;
        int volumes = 1_000;
        List<Form> forms = List.of(Form.values());
        for (String argument : arguments) {
            String[] parts = argument.replaceFirst("^--?", "").split("=", 2);
            if (!argument.startsWith("-") || parts.length < 2) throw unreadable(argument);
            switch (parts[0]) {
                case "weed" -> weed = Path.of(parts[1]);
                case "rounds" -> rounds = number(argument, parts[1]);
                case "fresh" -> fresh = number(argument, parts[1]);
                case "volumes" -> volumes = number(argument, parts[1]);
                case "form" -> forms = forms(argument, parts[1]);
                default -> throw unreadable(argument);
            }
        }
        return new FailoverOptions(weed.toAbsolutePath().normalize(), rounds, fresh, volumes, forms);
    }

    private static List<Form> forms(String argument, String text) {
        if (text.equals("both")) return List.of(Form.values());
        List<Form> named = new ArrayList<>();
        for (Form form : Form.values()) {
            if (form.word.equals(text)) named.add(form);
        }
        if (named.isEmpty()) throw unreadable(argument);
        return named;
    }

    private static int number(String argument, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("cannot read the number in \"" + argument + "\"\n" + USAGE, noNumber);
        }
    }

    private static IllegalArgumentException unreadable(String argument) {
        return new IllegalArgumentException("cannot read \"" + argument + "\"\n" + USAGE);
    }
}
