package dev.kelpfs.rpc;

import io.grpc.Status;

/** What became of a call, in one line for people: a status prints itself with the stack of its cause. */
public final class StatusLine {
    /** What the transport says when it has nothing to say. */
    private static final String NOTHING = "io exception";

    private StatusLine() {}

    /** The code, what the other side said, and why no connection came about; never more than a line. */
    public static String of(Status status) {
        StringBuilder line = new StringBuilder(status.getCode().toString());
        String said = status.getDescription();
        if (said != null && !said.equalsIgnoreCase(NOTHING)) line.append(": ").append(firstLine(said));
        if (ConnectFailures.isRefused(status)) return line.append(": connection refused").toString();
        Throwable cause = status.getCause();
        String why = cause == null ? null : cause.getMessage();
        if (why != null && (said == null || !said.contains(why))) line.append(": ").append(firstLine(why));
        return line.toString();
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end).stripTrailing();
    }
}
