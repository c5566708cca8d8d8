package dev.kelpfs.http;

import java.time.Duration;

/**
 * How long a server waits for a client. Time in which the server itself is busy with a request never counts.
 *
 * @param idle without a byte in either direction between requests, or while an answer is taken; then the connection is
 *     closed
 * @param head from the first byte of a request to the end of its headers; then 408
 * @param body without a byte of an expected body; then 408
 * @param minBodyBytesPerSecond average speed of a body, asked for once {@code body} has passed; slower: 408. 0 for any
 * @param linger after an answer that closes the connection although the client still sends: what comes is thrown away
 *     for so long, so that the client sees the answer
 * @param drain how long {@link HttpServer#close} waits for running requests
 */
public record HttpTimeouts(
        Duration idle, Duration head, Duration body, int minBodyBytesPerSecond, Duration linger, Duration drain) {
    private static final HttpTimeouts DEFAULTS = new HttpTimeouts(
            Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(30), 512, Duration.ofSeconds(2),
            Duration.ofSeconds(10));

    public HttpTimeouts {
        positive(idle, "idle");
        positive(head, "head");
        positive(body, "body");
        positive(linger, "linger");
        if (minBodyBytesPerSecond < 0) {
            throw new IllegalArgumentException("minBodyBytesPerSecond must not be negative, got " + minBodyBytesPerSecond);
        }
        if (drain.isNegative()) throw new IllegalArgumentException("drain must not be negative, got " + drain);
    }

    /** Idle 30 s, head 20 s, body 30 s and at least 512 bytes a second, linger 2 s, drain 10 s. */
    public static HttpTimeouts defaults() {
        return DEFAULTS;
    }

    public HttpTimeouts withIdle(Duration time) {
        return new HttpTimeouts(time, head, body, minBodyBytesPerSecond, linger, drain);
    }

    public HttpTimeouts withHead(Duration time) {
        return new HttpTimeouts(idle, time, body, minBodyBytesPerSecond, linger, drain);
    }

    public HttpTimeouts withBody(Duration time, int minBytesPerSecond) {
        return new HttpTimeouts(idle, head, time, minBytesPerSecond, linger, drain);
    }

    public HttpTimeouts withLinger(Duration time) {
        return new HttpTimeouts(idle, head, body, minBodyBytesPerSecond, time, drain);
    }

    public HttpTimeouts withDrain(Duration time) {
        return new HttpTimeouts(idle, head, body, minBodyBytesPerSecond, linger, time);
    }

    private static void positive(Duration time, String name) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, got " + time);
        }
    }
}
