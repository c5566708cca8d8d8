package dev.kelpfs.client;

import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;

/** A request that could not be carried out; the message says which, by whom it was refused and why. */
public class KelpException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int NONE = 0;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final int httpStatus;

    public KelpException(String message) {
        super(message);
        this.httpStatus = NONE;
    }

    public KelpException(String message, Throwable cause) {
        super(message, cause);
        this.httpStatus = NONE;
    }

    KelpException(String message, int httpStatus) {
        super(message);
        this.httpStatus = httpStatus;
    }

    /** What the volume server answered, if it was one that refused. */
    public OptionalInt httpStatus() {
        return httpStatus == NONE ? OptionalInt.empty() : OptionalInt.of(httpStatus);
    }

    /** A server that was asked, this one or another one, has too much to do and wants the request to come again. */
    boolean meetsOverload() {
        boolean here = httpStatus == TOO_MANY_REQUESTS || httpStatus == UNAVAILABLE;
        return here || Arrays.stream(getSuppressed())
                .anyMatch(other -> other instanceof KelpException && ((KelpException) other).meetsOverload());
    }

    /** The server understood and will not have it, so that another one will not either. */
    boolean isFinal() {
        return httpStatus >= 400 && httpStatus < 500 && httpStatus != 408 && httpStatus != TOO_MANY_REQUESTS;
    }
}
