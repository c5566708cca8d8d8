package dev.kelpfs.cli.tool;

/** The flags or arguments of a tool make no sense; the message says which and what was expected. */
public final class WrongArgumentsException extends Exception {
    private static final long serialVersionUID = 1L;

    public WrongArgumentsException(String message) {
        super(message);
    }
}
