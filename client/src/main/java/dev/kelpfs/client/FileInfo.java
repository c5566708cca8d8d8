package dev.kelpfs.client;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a volume server tells about a file.
 *
 * @param bytes length of the whole content, where the server told it
 * @param mime the content type; empty if the server named none
 * @param name file name as it was stored; empty for none
 * @param etag checksum of the stored bytes in 8 hex digits; empty if the server named none
 * @param modified time of the last change, where the server told it
 * @param headers all headers of the answer, names in lower case; pairs stored with the file are among them
 * @param chunked true if the content lies in chunks of its own
 */
public record FileInfo(
        OptionalLong bytes, String mime, String name, String etag, Optional<Instant> modified, Map<String, String> headers,
        boolean chunked) {
    public FileInfo {
        headers = Map.copyOf(headers);
    }
}
