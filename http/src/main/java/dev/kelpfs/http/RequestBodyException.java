package dev.kelpfs.http;

import java.io.IOException;

/** The body of a request did not arrive as announced: cut short, malformed, too large or too slow. */
public class RequestBodyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param message what was expected and what came; may be shown to the client */
    public RequestBodyException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The status that fits: 400 for cut short and malformed, 408 for too slow, 413 for too large. */
    public int status() {
        return status;
    }
}
