package dev.kelpfs.cli.tool;

import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.FlagNotices;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** One run of a tool: what it throws becomes a message on stderr and an exit code. */
public final class ToolRun {
    private final Invocation invocation;
    private final String name;

    public ToolRun(Invocation invocation, String name) {
        this.invocation = invocation;
        this.name = name;
    }

    /** The work of a tool; false if it could not do all of it and has said why. */
    @FunctionalInterface
    public interface Work {
        boolean run() throws IOException, WrongArgumentsException;
    }

    public ExitCode run(Work work) throws StartException {
        for (String notice : FlagNotices.of(invocation.flags())) say(notice);
        try {
            boolean done = work.run();
            boolean printed = !invocation.surroundings().out().checkError();
            if (!printed) say("cannot write to stdout; the output is not complete");
            return done && printed ? ExitCode.OK : ExitCode.FAILED;
        } catch (WrongArgumentsException wrong) {
            say(String.valueOf(wrong.getMessage()));
            return ExitCode.USAGE;
        } catch (IOException | UncheckedIOException failed) {
            say(reason(failed));
            if (invocation.global().integer("v") > 0) failed.printStackTrace(err());
            return ExitCode.FAILED;
        }
    }

    /** What the system says of a file is often its name alone, and why stands in the type. */
    private static String reason(Exception failed) {
        Throwable known = failed instanceof UncheckedIOException ? failed.getCause() : failed;
        String message = known.getMessage() == null ? known.toString() : known.getMessage();
        if (!(known instanceof FileSystemException ofFile) || ofFile.getReason() != null) return message;
        return switch (ofFile) {
            case NoSuchFileException _ -> message + ": there is no such file or directory";
            case AccessDeniedException _ -> message + ": permission denied";
            case FileAlreadyExistsException _ -> message + ": it is there already";
            default -> message;
        };
    }

    /** Tells the user something that is not part of the output. */
    public void say(String line) {
        err().println("weed " + name + ": " + line);
    }

    private PrintStream err() {
        return invocation.surroundings().err();
    }
}
