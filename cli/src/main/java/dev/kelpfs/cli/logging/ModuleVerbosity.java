package dev.kelpfs.cli.logging;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Verbosity per source file: {@code Topology=2,Volume*=4}; the first pattern that matches a file's name counts. */
record ModuleVerbosity(List<Rule> rules) {
    record Rule(Pattern file, int verbosity) {}

    ModuleVerbosity {
        rules = List.copyOf(rules);
    }

    /** @throws IllegalArgumentException if an item is not of the form {@code pattern=N} */
    static ModuleVerbosity parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String item : text.split(",")) {
            if (item.isBlank()) continue;
            int equals = item.indexOf('=');
            if (equals < 1 || !item.substring(equals + 1).matches("[0-4]")) {
                throw new IllegalArgumentException("-vmodule takes items such as Topology=2 with 0 to 4, got \"" + item + "\"");
            }
            rules.add(new Rule(glob(item.substring(0, equals)), item.charAt(equals + 1) - '0'));
        }
        return new ModuleVerbosity(rules);
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    /** @param loggerName full name of the class that logs */
    OptionalInt of(String loggerName) {
        String file = loggerName.substring(loggerName.lastIndexOf('.') + 1);
        for (Rule rule : rules) {
            if (rule.file().matcher(file).matches()) return OptionalInt.of(rule.verbosity());
        }
        return OptionalInt.empty();
    }

    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString());
    }
}
