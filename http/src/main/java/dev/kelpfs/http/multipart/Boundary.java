package dev.kelpfs.http.multipart;

import dev.kelpfs.http.media.MalformedMediaTypeException;
import dev.kelpfs.http.media.MediaType;

/**
 * What separates the parts of a multipart body.
 *
 * @param text 1 to 70 characters of ASCII
 */
public record Boundary(String text) {
    private static final int MAX_LENGTH = 70;

    public Boundary {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a multipart boundary has 1 to 70 characters, got " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                throw new IllegalArgumentException("a multipart boundary is printable ASCII, got \"" + text + "\"");
            }
        }
    }

    /**
     * Takes the boundary out of a {@code Content-Type}.
     *
     * @throws MultipartException if it is not {@code multipart/form-data}, or has no usable boundary
     */
    public static Boundary ofContentType(String contentType) throws MultipartException {
        MediaType type;
        try {
            type = MediaType.parse(contentType);
        } catch (MalformedMediaTypeException malformed) {
            throw new MultipartException("malformed Content-Type: " + malformed.getMessage());
        }
        if (!type.type().equals("multipart/form-data")) {
            throw new MultipartException("expected Content-Type multipart/form-data, got " + type.type());
        }
        String boundary = type.parameter("boundary")
                .orElseThrow(() -> new MultipartException("no multipart boundary param in Content-Type"));
        try {
            return new Boundary(boundary);
        } catch (IllegalArgumentException unusable) {
            throw new MultipartException(String.valueOf(unusable.getMessage()));
        }
    }
}
