package dev.kelpfs.http;

/** Answers a request on a virtual thread of its own, where it may wait, read the body as a stream, and throw. */
@FunctionalInterface
public interface BlockingHandler {
    /**
     * @return the answer; a streamed body is written on the same thread after this method returned
     * @throws Exception answered by the {@link ErrorReplies} of the server
     */
    Reply handle(Request request) throws Exception;
}
