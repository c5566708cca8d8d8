package dev.kelpfs.master.simulation;

/** Something happened that must never happen. */
final class BrokenInvariantException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenInvariantException(String message, Throwable cause) {
        super(message, cause);
    }
}
