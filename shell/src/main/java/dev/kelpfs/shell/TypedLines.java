package dev.kelpfs.shell;

import dev.kelpfs.shell.command.ShellCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines that a person types at a terminal, with editing, a history that outlives the shell, and names completed by tab. */
final class TypedLines implements Lines {
    private static final Logger LOG = LoggerFactory.getLogger(TypedLines.class);
    private static final String PROMPT = "> ";

    private final Terminal terminal;
    private final LineReader reader;

    TypedLines(ShellWorld world, List<ShellCommand> commands) throws IOException {
        this(TerminalBuilder.builder().system(true).build(), world.historyFile(), commands);
    }

    /** @param terminal closed at the end */
    TypedLines(Terminal terminal, Path historyFile, List<ShellCommand> commands) {
        this.terminal = terminal;
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("weed-shell")
                .variable(LineReader.HISTORY_FILE, historyFile)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, false)
                .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
                .completer((_, line, candidates) -> {
                    if (line.wordIndex() > 0) return;
                    String typed = line.word().toLowerCase(Locale.ROOT);
                    names(commands).stream().filter(name -> name.startsWith(typed)).map(Candidate::new).forEach(candidates::add);
                })
                .build();
        try {
            reader.getHistory().attach(reader);
        } catch (UncheckedIOException unreadable) {
            // Other programs write there too. Nothing is saved, so that what is there stays.
            LOG.warn("{} is no history of a shell, so none is kept: {}; remove it", historyFile, unreadable.getMessage());
            reader.setVariable(LineReader.HISTORY_FILE, null);
        }
    }

    private static List<String> names(List<ShellCommand> commands) {
        List<String> names = new ArrayList<>(HelpText.ownWords());
        commands.forEach(command -> names.add(command.name()));
        return names;
    }

    @Override
    public Optional<String> next() {
        try {
            return Optional.of(reader.readLine(PROMPT));
        } catch (EndOfFileException | UserInterruptException leave) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            reader.getHistory().save();
        } catch (IOException lost) {
            // A file of that name may belong to another user; all that was done is done.
            LOG.warn("the history of this shell is not kept: {}", lost.toString());
        } finally {
            terminal.close();
        }
    }
}
