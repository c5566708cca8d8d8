package dev.kelpfs.cli;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.flags.FlagUsage;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Everything that {@code help}, {@code -h} and a wrong command line print. */
final class HelpText {
    static final String NAME = "help";

    private final List<Command> commands;

    HelpText(List<Command> commands) {
        this.commands = commands;
    }

    /** What {@code weed} alone prints: the commands, then the global flags. */
    String usage() {
        return list() + "\nGlobal flags, in front of the command:\n\n" + FlagUsage.of(GlobalFlags.TABLE);
    }

    /** What follows a wrong flag of a command. */
    String usage(Command command) {
        return "Example: weed " + example(command) + "\n"
                + "Default Usage:\n" + FlagUsage.of(command.flags())
                + "Description:\n" + description(command);
    }

    /** The command {@code help} itself. */
    ExitCode answer(List<String> topics, PrintStream out, PrintStream err) {
        if (topics.isEmpty()) {
            out.print(list());
            out.flush();
            return ExitCode.OK;
        }
        if (topics.size() > 1) {
            err.println("weed help takes one command, got \"" + String.join(" ", topics) + "\"; usage: weed help command");
            return ExitCode.USAGE;
        }
        Optional<Command> topic = commands.stream().filter(each -> each.name().equals(topics.getFirst())).findFirst();
        if (topic.isEmpty()) {
            err.println("Unknown help topic \"" + topics.getFirst() + "\". Run 'weed help'.");
            return ExitCode.USAGE;
        }
        explain(topic.get(), out, err);
        return ExitCode.OK;
    }

    static String notBuilt(Command command) {
        return "weed " + command.name() + " is not built yet in this release: " + command.summary()
                + ". Run 'weed help' for what is there.";
    }

    private void explain(Command command, PrintStream out, PrintStream err) {
        if (!command.isBuilt()) {
            out.println(notBuilt(command));
            return;
        }
        out.print("Usage: weed " + example(command) + "\n\n" + description(command));
        out.flush();
        err.print(FlagUsage.withoutOptions(command.flags()));
        err.flush();
    }

    private String list() {
        StringBuilder text = new StringBuilder("""
                Kelp: the Weed File System on the JVM.

                Usage:

                	weed [global flags] command [flags] [arguments]

                Commands:

                """);
        commands.stream().filter(Command::isBuilt).forEach(command -> append(text, command));
        text.append("    %-26s%s%n".formatted(NAME, "this list, or the page of one command"));
        text.append("\nKnown, not built yet:\n\n");
        commands.stream().filter(command -> !command.isBuilt()).forEach(command -> append(text, command));
        return text.append("\nRun 'weed help command' for more about one of them.\n").toString();
    }

    private static void append(StringBuilder text, Command command) {
        text.append("    %-26s%s%n".formatted(command.name(), command.summary()));
    }

    private static String example(Command command) {
        return command.example().isEmpty() ? command.name() : command.name() + " " + command.example();
    }

    private static String description(Command command) {
        return "  " + command.description().strip().replace("\n", "\n  ").replace("\n  \n", "\n\n") + "\n";
    }
}
