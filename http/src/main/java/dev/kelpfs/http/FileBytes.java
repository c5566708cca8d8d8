package dev.kelpfs.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes of a file that the kernel can move to a socket by itself. Called on an event loop, so the bytes should be in memory
 * already: whoever makes one reads the file shortly before.
 */
public interface FileBytes {
    /** How many there are, 1 or more. */
    long count();

    /**
     * Moves bytes to a socket that does not wait.
     *
     * @param socket descriptor of the socket
     * @param from first byte to move, counted from the first of these bytes
     * @return bytes moved, 0 if the socket is full, or a negative number if they have to be copied by {@link #read}
     */
    long sendTo(int socket, long from) throws IOException;

    /** Copies bytes from {@code from} on into a buffer. @return bytes copied, at least 1 */
    int read(ByteBuffer target, long from) throws IOException;

    /** They are sent, or will not be; called once. */
    void release();
}
