package dev.kelpfs.http.multipart;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Cuts a body that is in memory into its parts without copying them. For one thread. */
public final class MultipartParts {
    /**
     * One part.
     *
     * @param data a slice of the body, valid as long as the body is; {@code retain()} it to keep it
     */
    public record Part(PartHeaders headers, ByteBuf data) {}

    private final ByteBuf body;
    private final int start;
    private final PartScanner scanner;

    /** @param body its readable bytes; neither changed nor released */
    public MultipartParts(ByteBuf body, Boundary boundary, MultipartLimits limits) {
        this.body = body;
        this.start = body.readerIndex();
        ByteBuffer window = body.nioBuffer();
        this.scanner = new PartScanner(boundary, limits, window.slice(), unused -> false);
    }

    /**
     * The next part, or empty after the last.
     *
     * @throws MultipartException if the body is malformed, ends too early, or breaks a limit
     */
    public Optional<Part> next() throws IOException {
        Optional<PartHeaders> headers = scanner.nextPart();
        if (headers.isEmpty()) return Optional.empty();
        ByteBuffer window = scanner.window();
        int from = window.position();
        int length = 0;
        for (int bytes = scanner.available(); bytes > 0; bytes = scanner.available()) {
            window.position(window.position() + bytes);
            length += bytes;
        }
        return Optional.of(new Part(headers.get(), body.slice(start + from, length)));
    }
}
