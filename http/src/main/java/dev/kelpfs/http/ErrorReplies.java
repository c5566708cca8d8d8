package dev.kelpfs.http;

/**
 * The one place where failures become answers. Called on any thread. A request whose head is malformed never gets here:
 * the server answers that in plain text and closes the connection.
 */
@FunctionalInterface
public interface ErrorReplies {
    /** The answer to a request whose handler threw {@code failure}; the server logs failures that nobody expected. */
    Reply replyTo(Request request, Throwable failure);

    /** Plain text: the reason of an {@link HttpException} or of a bad body, {@code internal error} for anything else. */
    static ErrorReplies plainText() {
        return (request, failure) -> withRetry(Reply.error(statusOf(failure), messageOf(failure)));
    }

    /** {@code {"error":"<message>"}}. */
    static ErrorReplies json() {
        return (request, failure) ->
                withRetry(Reply.json(statusOf(failure), "{\"error\":" + JsonText.quote(messageOf(failure)) + "}"));
    }

    /** The status of a failure: its own for {@link HttpException} and {@link RequestBodyException}, else 500. */
    static int statusOf(Throwable failure) {
        return switch (failure) {
            case HttpException known -> known.status();
            case RequestBodyException body -> body.status();
            default -> 500;
        };
    }

    /** What may be told to the client; nothing about the inside for a failure that nobody expected. */
    static String messageOf(Throwable failure) {
        return switch (failure) {
            case HttpException known -> known.reason();
            case RequestBodyException body -> String.valueOf(body.getMessage());
            default -> "internal error; the server's log says more";
        };
    }

    /** Tells a client that met an overload (503) when to come again. */
    static Reply withRetry(Reply reply) {
        return reply.status() == 503 ? reply.header("Retry-After", "1") : reply;
    }
}
