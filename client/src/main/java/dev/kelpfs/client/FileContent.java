package dev.kelpfs.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;

/**
 * An open answer to a read. Close it, also when not everything was read. When a server dies while its answer is read, the
 * rest comes from another one that holds the file; only if none does, a read fails.
 *
 * @param info what the server told about the file
 * @param offset where in the file the body begins
 * @param bytes length of the body, where the server told it
 * @param body the bytes; not safe for several threads
 */
public record FileContent(FileInfo info, long offset, OptionalLong bytes, InputStream body) implements Closeable {
    /** The content type; empty if the server named none. */
    public String mime() {
        return info.mime();
    }

    /** Checksum of the stored bytes in 8 hex digits; empty if the server named none. */
    public String etag() {
        return info.etag();
    }

    /** Reads all of it into memory and closes. */
    public byte[] readAll() throws IOException {
        try (InputStream in = body) {
            return in.readAllBytes();
        }
    }

    /** Copies all of it and closes the body, not {@code to}. @return how many bytes that were */
    public long copyTo(OutputStream to) throws IOException {
        try (InputStream in = body) {
            return in.transferTo(to);
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
