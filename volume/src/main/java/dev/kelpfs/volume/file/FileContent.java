package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodySink;
import java.io.IOException;

/**
 * The bytes that an answer may send, whole or in part: data as it is stored, or inflated. For one thread that may wait;
 * whoever got it closes it, which gives buffers and the right to read back.
 */
interface FileContent extends AutoCloseable {
    /** Length of the whole. */
    long bytes();

    /** Up to {@code count} bytes from {@code from} on; fewer only at the end. */
    byte[] peek(long from, int count) throws IOException, InterruptedException;

    /** Sends exactly {@code count} bytes from {@code from} on. */
    void writeTo(BodySink sink, long from, long count) throws IOException, InterruptedException;

    @Override
    void close();
}
