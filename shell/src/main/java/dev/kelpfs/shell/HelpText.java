package dev.kelpfs.shell;

import dev.kelpfs.flags.FlagUsage;
import dev.kelpfs.shell.command.ShellCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What {@code help} and {@code -h} print. Pure. */
final class HelpText {
    /** What the shell itself understands, with what it does. */
    private static final SortedMap<String, String> OWN_WORDS = new TreeMap<>(Map.of(
            "help", "this list, or what one command does: help volume.list; also ?",
            "exit", "leave; also quit"));

    private final List<ShellCommand> commands;

    HelpText(List<ShellCommand> commands) {
        this.commands = commands;
    }

    /** A line for each command. */
    String list() {
        StringBuilder text = new StringBuilder();
        for (ShellCommand command : commands) line(text, command.name(), command.summary());
        OWN_WORDS.forEach((word, summary) -> line(text, word, summary));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String summary) {
        text.append("  %-30s\t# %s%n".formatted(name, summary));
    }

    static String of(ShellCommand command) {
        String lock = command.needsLock() ? "Needs the lock.\n" : "";
        return command.name() + ": " + command.summary() + "\n\n" + command.description().strip() + "\n" + lock
                + "\nMore: " + command.name() + " -h\n";
    }

    static Set<String> ownWords() {
        return OWN_WORDS.keySet();
    }

    /** The same as {@link #of} of a word that is no command. */
    static Optional<String> ofOwnWord(String word) {
        return Optional.ofNullable(OWN_WORDS.get(word)).map(summary -> word + ": " + summary + "\n");
    }

    static String usage(ShellCommand command) {
        return "Usage of " + command.name() + ":\n" + FlagUsage.of(command.flags());
    }
}
