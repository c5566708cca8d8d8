package dev.kelpfs.http;

import java.io.IOException;

/** Produces the body of an answer on a virtual thread. */
@FunctionalInterface
public interface BodyWriter {
    /**
     * Writes the whole body. If it throws before the first byte was written the client gets an error answer instead;
     * afterwards the connection is cut, so that the client sees an incomplete body.
     */
    void writeTo(BodySink sink) throws IOException, InterruptedException;
}
