package dev.kelpfs.shell;

import dev.kelpfs.flags.FlagUsage;
import dev.kelpfs.shell.command.ShellCommand;
import java.util.List;

/** What {@code help} and {@code -h} print. Pure. */
final class HelpText {
    private final List<ShellCommand> commands;

    HelpText(List<ShellCommand> commands) {
        this.commands = commands;
    }

    /** A line for each command. */
    String list() {
        StringBuilder text = new StringBuilder();
        for (ShellCommand command : commands) line(text, command.name(), command.summary());
        line(text, "help", "this list, or what one command does: help volume.list");
        line(text, "exit", "leave");
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

    static String usage(ShellCommand command) {
        return "Usage of " + command.name() + ":\n" + FlagUsage.of(command.flags());
    }
}
