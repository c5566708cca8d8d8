package dev.kelpfs.rpc;

import io.grpc.Status;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/** Tells calls that failed because no connection came about from those that reached the other side. */
public final class ConnectFailures {
    private ConnectFailures() {}

    /** True if no connection was made, so that nothing was sent. */
    public static boolean isUnconnected(Status status) {
        return cause(status) != null;
    }

    /** True if a machine answered that nothing listens at the port: the process that did is gone. */
    public static boolean isRefused(Status status) {
        ConnectException cause = cause(status);
        return cause != null && String.valueOf(cause.getMessage()).contains("refused");
    }

    private static @Nullable ConnectException cause(Status status) {
        for (Throwable each = status.getCause(); each != null; each = each.getCause()) {
            if (each instanceof ConnectException failed) return failed;
        }
        return null;
    }
}
