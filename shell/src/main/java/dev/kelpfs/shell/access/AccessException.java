package dev.kelpfs.shell.access;

import dev.kelpfs.rpc.StatusLine;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** A server did not do what it was asked for, or could not be reached. The message is for people. */
public final class AccessException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Status.Code code;

    AccessException(String message, Status.Code code, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** @param who the server, as its user knows it */
    static AccessException of(String what, String who, StatusRuntimeException failed) {
        Status status = failed.getStatus();
        String said = switch (status.getCode()) {
            case UNAVAILABLE -> "it does not answer (" + StatusLine.of(status) + "); check that it runs and can be reached";
            case DEADLINE_EXCEEDED -> "no answer came in time";
            case UNIMPLEMENTED -> "this server does not know the call";
            default -> description(status);
        };
        return new AccessException(what + " at " + who + ": " + said, status.getCode(), failed);
    }

    private static String description(Status status) {
        return status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    }

    /** What the server answered. */
    public Status.Code code() {
        return code;
    }
}
