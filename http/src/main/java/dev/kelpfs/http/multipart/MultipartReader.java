package dev.kelpfs.http.multipart;

import dev.kelpfs.http.BodyReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads the parts of a streamed body one after the other; as a {@link BodyReader} it is the data of the current part.
 * For one thread.
 */
public final class MultipartReader implements BodyReader {
    private static final int WINDOW_BYTES = 64 << 10;

    private final PartScanner scanner;

    public MultipartReader(BodyReader body, Boundary boundary, MultipartLimits limits) {
        ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
        scanner = new PartScanner(boundary, limits, window, space -> {
            space.compact();
            int read = body.read(space);
            space.flip();
            return read != END;
        });
    }

    /**
     * Goes to the next part, past what was not read of the current one; empty after the last. What follows the last part
     * is not looked at.
     *
     * @throws MultipartException if the body is malformed, ends too early, or breaks a limit
     */
    public Optional<PartHeaders> nextPart() throws IOException {
        return scanner.nextPart();
    }

    /** Data of the current part; {@link #END} at its end, and before the first part. */
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) return 0;
        int bytes = Math.min(scanner.available(), target.remaining());
        if (bytes == 0) return END;
        ByteBuffer window = scanner.window();
        target.put(window.slice(window.position(), bytes));
        window.position(window.position() + bytes);
        return bytes;
    }
}
