package dev.kelpfs.shell.command;

/** A command cannot do what it was asked for. The message is for the user: what was expected, what came, what to do. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    public CommandException(String message) {
        super(message);
    }
}
