package dev.kelpfs.shell;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.shell.access.Pause;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * What surrounds a shell.
 *
 * @param interactive somebody types: lines are edited, and the prompt is shown
 * @param historyFile lines that were typed in earlier shells
 * @param clientName what other administrators are told about who has the lock
 */
public record ShellWorld(
        InputStream in, PrintStream out, PrintStream err, boolean interactive, Path historyFile, String clientName, Ticker ticker,
        Pause pause) {}
