package dev.kelpfs.http.media;

/** A header value that is no media type or disposition; the message says what is wrong and may be shown to the client. */
public final class MalformedMediaTypeException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedMediaTypeException(String message) {
        super(message);
    }
}
