package dev.kelpfs.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The body of a request as a stream. At most a window of it ({@link HttpLimits#requestWindowBytes}) is in memory; the
 * client waits while the reader is behind. For one thread at a time, and never for an event loop.
 */
public interface BodyReader {
    /** What {@link #read} gives when the body is complete. */
    int END = -1;

    /**
     * Waits for at least one byte and moves what is there into {@code target}.
     *
     * @return bytes read, 1 or more; {@link #END} after the last byte of a complete body; 0 only for a full target
     * @throws RequestBodyException if the body is cut short, malformed, too large or too slow: it is never just short
     */
    int read(ByteBuffer target) throws IOException;

    /** A body of no bytes. */
    static BodyReader empty() {
        return target -> target.hasRemaining() ? END : 0;
    }
}
