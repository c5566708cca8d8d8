package dev.kelpfs.shell;

import dev.kelpfs.core.config.NearestName;
import dev.kelpfs.flags.CommandLine;
import dev.kelpfs.flags.FlagValues;
import dev.kelpfs.flags.Parsing;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.Session;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.line.ShellLine;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one command after another and says what went wrong. Used by one thread. */
final class CommandRunner {
    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);
    private static final String FILER_PREFIX = "fs.";

    /** What a command came to. */
    enum End {
        DONE,
        FAILED,
        LEAVE
    }

    private final List<ShellCommand> commands;
    private final HelpText help;
    private final Session session;
    private final PrintStream out;
    private final PrintStream err;

    CommandRunner(List<ShellCommand> commands, Session session, PrintStream out, PrintStream err) {
        this.commands = List.copyOf(commands);
        this.help = new HelpText(this.commands);
        this.session = session;
        this.out = out;
        this.err = err;
    }

    /** @param text a command without {@code ;} in it */
    End run(String text) throws InterruptedException {
        List<String> words;
        try {
            words = ShellLine.words(text);
        } catch (IllegalArgumentException wrong) {
            return failed(String.valueOf(wrong.getMessage()));
        }
        if (words.isEmpty()) return End.DONE;
        String name = words.getFirst();
        List<String> arguments = words.subList(1, words.size());
        return switch (name) {
            case "exit", "quit" -> End.LEAVE;
            case "help", "?" -> help(arguments);
            default -> {
                Optional<ShellCommand> command = find(name);
                yield command.isPresent() ? run(command.get(), arguments, text) : unknown(name);
            }
        };
    }

    private End run(ShellCommand command, List<String> arguments, String text) throws InterruptedException {
        return switch (new CommandLine(command.flags(), Map.of(), file -> Optional.empty()).read(arguments)) {
            case Parsing.HelpAsked _ -> {
                err.print(HelpText.usage(command));
                yield End.DONE;
            }
            case Parsing.Refused(var lines) -> {
                lines.forEach(err::println);
                err.print(HelpText.usage(command));
                yield End.FAILED;
            }
            case Parsing.Parsed(var flags, var rest) -> run(command, flags, rest, text);
        };
    }

    private End run(ShellCommand command, FlagValues flags, List<String> rest, String text) throws InterruptedException {
        if (command.needsLock()) {
            if (session.lock().isLost()) return failed(command.name() + ": " + CommandRun.LOCK_LOST);
            if (!session.lock().isHeld()) return failed(command.name() + " needs the lock, which is not held: run lock first");
            session.lock().doing(text);
        }
        try {
            command.run(new CommandRun(flags, rest, session, out, err));
            return End.DONE;
        } catch (CommandException | AccessException failed) {
            LOG.debug("{}", text, failed);
            return failed(command.name() + ": " + failed.getMessage());
        } catch (RuntimeException bug) {
            // Those behind it may be what gives the lock back.
            LOG.error("{}", text, bug);
            return failed(command.name() + ": internal error, " + bug + "; weed shell -debug shows where");
        } finally {
            out.flush();
        }
    }

    private End help(List<String> topics) {
        if (topics.isEmpty()) {
            out.print(help.list());
            return End.DONE;
        }
        for (String topic : topics) {
            Optional<ShellCommand> command = find(topic);
            if (command.isPresent()) out.print(HelpText.of(command.get()));
            else if (HelpText.ofOwnWord(topic).isPresent()) out.print(HelpText.ofOwnWord(topic).get());
            else return unknown(topic);
        }
        return End.DONE;
    }

    /** By its name, or a name without its {@code fs.}. */
    private Optional<ShellCommand> find(String name) {
        return commands.stream()
                .filter(command -> command.name().equals(name) || command.name().equals(FILER_PREFIX + name))
                .findFirst();
    }

    private End unknown(String name) {
        err.println("unknown command: " + name);
        List<String> known = Stream.concat(commands.stream().map(ShellCommand::name), HelpText.ownWords().stream()).toList();
        NearestName.of(name, known).ifPresent(near -> err.println("did you mean " + near + "?"));
        return End.FAILED;
    }

    private End failed(String reason) {
        err.println("error: " + reason);
        return End.FAILED;
    }
}
