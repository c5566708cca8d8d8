package dev.kelpfs.cli;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.cli.logging.LogSettings;
import dev.kelpfs.cli.logging.Logging;
import dev.kelpfs.cli.logging.Severity;
import dev.kelpfs.core.config.NearestName;
import dev.kelpfs.flags.CommandLine;
import dev.kelpfs.flags.FlagValues;
import dev.kelpfs.flags.Parsing;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * One run of {@code weed [global flags] command [flags] [arguments]}: reads the global flags, sets logging up, finds the
 * command, reads its flags, runs it. Source: command line, section 1.
 */
final class Weed {
    private final List<Command> commands;
    private final Surroundings surroundings;
    private final HelpText help;

    Weed(List<Command> commands, Surroundings surroundings) {
        this.commands = List.copyOf(commands);
        this.surroundings = surroundings;
        this.help = new HelpText(this.commands);
    }

    ExitCode run(List<String> arguments) {
        CommandLine globalLine = new CommandLine(GlobalFlags.TABLE, surroundings.environment(), surroundings.files());
        Optional<String> optionsBehind = CommandLine.optionsFileIn(arguments);
        return switch (globalLine.read(arguments, optionsBehind)) {
            case Parsing.HelpAsked _ -> usage(List.of(), help.usage());
            case Parsing.Refused(var lines) -> usage(lines, help.usage());
            case Parsing.Parsed(var global, var rest) -> rest.isEmpty()
                    ? usage(List.of(), help.usage())
                    : runCommand(global, rest.getFirst(), rest.subList(1, rest.size()));
        };
    }

    private ExitCode runCommand(FlagValues global, String name, List<String> arguments) {
        if (name.equals(HelpText.NAME)) return help.answer(arguments, surroundings.out(), surroundings.err());
        Optional<Command> found = find(name);
        if (found.isEmpty()) return usage(unknown(name), "");
        Command command = found.get();
        if (!command.isBuilt()) return usage(List.of(HelpText.notBuilt(command)), "");
        CommandLine line = new CommandLine(command.flags(), surroundings.environment(), surroundings.files());
        return switch (line.read(arguments)) {
            case Parsing.HelpAsked _ -> usage(List.of(), help.usage(command));
            case Parsing.Refused(var lines) -> usage(lines, help.usage(command));
            case Parsing.Parsed(var flags, var positionals) ->
                run(command, new Invocation(global, flags, positionals, surroundings));
        };
    }

    private ExitCode run(Command command, Invocation invocation) {
        command.warmUp(surroundings);
        try {
            Logging.start(LogSettings.of(invocation.global(), command.isQuiet()), surroundings.err());
        } catch (IllegalArgumentException badSetting) {
            return usage(List.of(String.valueOf(badSetting.getMessage())), help.usage());
        }
        try {
            ExitCode code = command.run(invocation);
            return code == ExitCode.USAGE ? usage(List.of(), help.usage(command)) : code;
        } catch (StartException cannot) {
            Throwable stack = invocation.global().integer("v") > 0 ? cannot : null;
            LoggerFactory.getLogger(command.getClass()).error(Severity.FATAL_MARKER, cannot.getMessage(), stack);
            return ExitCode.FATAL;
        }
    }

    private Optional<Command> find(String name) {
        return commands.stream().filter(command -> command.name().equals(name)).findFirst();
    }

    private List<String> unknown(String name) {
        List<String> names = commands.stream().map(Command::name).toList();
        String hint = NearestName.of(name, names).map(near -> "Did you mean " + near + "? ").orElse("");
        return List.of("weed: unknown subcommand \"" + name + "\"", hint + "Run 'weed help' for the list of sub-commands.");
    }

    private ExitCode usage(List<String> lines, String text) {
        lines.forEach(surroundings.err()::println);
        surroundings.err().print(text);
        // The flags of a command fill several screens: what was wrong is said again where the eye is.
        boolean scrolledAway = !lines.isEmpty() && !text.isEmpty();
        if (scrolledAway) surroundings.err().println("\nweed: " + String.join("; ", lines));
        surroundings.err().flush();
        return ExitCode.USAGE;
    }
}
