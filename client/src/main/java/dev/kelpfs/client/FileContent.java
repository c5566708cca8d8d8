package dev.kelpfs.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * An open answer to a read. Close it, also when not everything was read.
 *
 * @param bytes length of the body, where the server told it
 * @param mime the content type; empty if the server named none
 * @param etag checksum of the stored bytes in 8 hex digits; empty if the server named none
 */
public record FileContent(InputStream body, OptionalLong bytes, String mime, String etag) implements Closeable {
    /** Reads all of it into memory and closes. */
    public byte[] readAll() throws IOException {
        try (InputStream in = body) {
            return in.readAllBytes();
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
