package dev.kelpfs.http;

/**
 * An answer other than success, thrown by a handler or by the server itself and rendered by {@link ErrorReplies}. The
 * message is shown to the client.
 */
public class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int FIRST_ERROR = 400;
    private static final int LAST_ERROR = 599;

    private final int status;

    /** @param status 400 to 599 */
    public HttpException(int status, String message) {
        // An ordinary outcome: it needs no stack trace, and an attacker shall not make the server build them.
        super(message, null, false, false);
        if (status < FIRST_ERROR || status > LAST_ERROR) {
            throw new IllegalArgumentException("an error status is 400 to 599, got " + status);
        }
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** The message, never null. */
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
