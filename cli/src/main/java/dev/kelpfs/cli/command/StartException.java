package dev.kelpfs.cli.command;

import org.jspecify.annotations.Nullable;

/** A command cannot begin. The message is for the user: what was expected, what came, what to do next. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
