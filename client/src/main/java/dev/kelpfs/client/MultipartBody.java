package dev.kelpfs.client;

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

    BodyPublisher of(NewFile file) {
        StringBuilder head = new StringBuilder("--").append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
                .append(escaped(file.name())).append("\"\r\n");
        if (!file.mime().isEmpty()) head.append("Content-Type: ").append(oneLine(file.mime())).append("\r\n");
        head.append("\r\n");
        return BodyPublishers.concat(
                BodyPublishers.ofString(head.toString(), StandardCharsets.UTF_8),
                file.content().get(),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.UTF_8));
    }

    private static String escaped(String name) {
        return oneLine(name).replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
