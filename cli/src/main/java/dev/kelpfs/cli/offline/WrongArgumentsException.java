package dev.kelpfs.cli.offline;

/** The flags or arguments of a tool make no sense; the message says which and what was expected. */
final class WrongArgumentsException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongArgumentsException(String message) {
        super(message);
    }
}
