package dev.kelpfs.http;

/**
 * How long one connection has been waiting for its client, and whether that is too long. Pure: it is shown the state of
 * the connection now and then, with the time, and keeps what it needs to compare. Confined to one thread.
 */
final class Patience {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** What a connection waits for. */
    enum Waiting {
        REQUEST,
        REST_OF_HEAD,
        BODY,
        /** Nothing that the client owes: a handler is at work. */
        HANDLER,
        /** The client's end of a connection that is closed on our side. */
        GOODBYE
    }

    /** What is to be done. */
    enum Verdict { WAIT, CLOSE, HEAD_TOO_SLOW, BODY_TOO_SLOW }

    /**
     * One look at a connection.
     *
     * @param request number of the request on this connection
     * @param bytesIn bytes that ever came from the client
     * @param outputMark changes whenever the client takes bytes; 0 while nothing waits for it
     */
    record Look(Waiting waiting, long request, long bytesIn, long outputMark) {}

    private final long idleNanos;
    private final long headNanos;
    private final long bodyNanos;
    private final int minBodyBytesPerSecond;
    private final long lingerNanos;

    private Look last = new Look(Waiting.HANDLER, -1, -1, 0);
    private long lastAt;
    /** Since when the same thing is waited for in the same request. */
    private long phaseSince;
    /** Since when the client has sent nothing, or nothing was expected. */
    private long silentSince;
    /** Since when the client has taken nothing although something waits. */
    private long stalledSince;
    /** Time spent waiting for the body of the current request, and what had come when that began. */
    private long bodyWaitedNanos;
    private long bytesBeforeBody;

    Patience(HttpTimeouts timeouts, long now) {
        idleNanos = timeouts.idle().toNanos();
        headNanos = timeouts.head().toNanos();
        bodyNanos = timeouts.body().toNanos();
        minBodyBytesPerSecond = timeouts.minBodyBytesPerSecond();
        lingerNanos = timeouts.linger().toNanos();
        lastAt = now;
        phaseSince = now;
        silentSince = now;
        stalledSince = now;
    }

    Verdict look(Look look, long now) {
        boolean samePhase = look.waiting == last.waiting && look.request == last.request;
        if (look.request != last.request) {
            bodyWaitedNanos = 0;
            bytesBeforeBody = look.bytesIn;
        }
        if (samePhase && look.waiting == Waiting.BODY) bodyWaitedNanos += now - lastAt;
        if (!samePhase) phaseSince = now;
        if (!samePhase || look.bytesIn != last.bytesIn) silentSince = now;
        if (look.outputMark == 0 || look.outputMark != last.outputMark) stalledSince = now;
        last = look;
        lastAt = now;
        return now - stalledSince > idleNanos ? Verdict.CLOSE : judge(look, now);
    }

    private Verdict judge(Look look, long now) {
        return switch (look.waiting) {
            case HANDLER -> Verdict.WAIT;
            case REQUEST -> now - silentSince > idleNanos && look.outputMark == 0 ? Verdict.CLOSE : Verdict.WAIT;
            case REST_OF_HEAD -> now - phaseSince > headNanos ? Verdict.HEAD_TOO_SLOW : Verdict.WAIT;
            case BODY -> now - silentSince > bodyNanos || isBodyTooSlow(look) ? Verdict.BODY_TOO_SLOW : Verdict.WAIT;
            case GOODBYE -> now - phaseSince > lingerNanos ? Verdict.CLOSE : Verdict.WAIT;
        };
    }

    private boolean isBodyTooSlow(Look look) {
        if (bodyWaitedNanos <= bodyNanos) return false;
        double expected = (double) bodyWaitedNanos / NANOS_PER_SECOND * minBodyBytesPerSecond;
        return look.bytesIn - bytesBeforeBody < expected;
    }
}
