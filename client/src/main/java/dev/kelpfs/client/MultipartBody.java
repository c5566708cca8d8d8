package dev.kelpfs.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/** A form with one file, the shape in which uploaders of the reference send one. */
final class MultipartBody {
    /** Cannot begin a line of the content by chance: 128 bits that a caller chose. */
    private final String boundary;

    MultipartBody(long high, long low) {
        boundary = "kelp-" + Long.toHexString(high) + Long.toHexString(low);
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /** The whole form; its length is known, so that the server can refuse what is too large before it reads it. */
    BodyPublisher of(String name, String mime, Content.Repeatable content) {
        StringBuilder head = new StringBuilder("--").append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"").append(escaped(name)).append("\"\r\n");
        if (!mime.isEmpty()) head.append("Content-Type: ").append(oneLine(mime)).append("\r\n");
        head.append("\r\n");
        return BodyPublishers.concat(
                BodyPublishers.ofString(head.toString(), StandardCharsets.UTF_8),
                publisher(content),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.UTF_8));
    }

    private static BodyPublisher publisher(Content.Repeatable content) {
        if (content instanceof Content.InMemory memory) return BodyPublishers.ofByteArray(memory.array());
        if (content.bytes() == 0) return BodyPublishers.noBody();
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> open(content)), content.bytes());
    }

    private static InputStream open(Content.Repeatable content) {
        try {
            return content.open(0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String escaped(String name) {
        return oneLine(name).replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
