package dev.kelpfs.client;

import java.io.IOException;

/** A request that could not be carried out; the message says which, by whom it was refused and why. */
public class KelpException extends IOException {
    private static final long serialVersionUID = 1L;

    public KelpException(String message) {
        super(message);
    }

    public KelpException(String message, Throwable cause) {
        super(message, cause);
    }
}
