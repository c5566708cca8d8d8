package dev.kelpfs.client;

import dev.kelpfs.core.FileId;

/**
 * A file that a volume server has acknowledged.
 *
 * @param bytes length of the content
 * @param etag checksum of the stored bytes in 8 hex digits; that of the list of chunks if there are any
 * @param url where it was stored: {@code host:port/id}
 * @param chunks in how many pieces of their own the content lies; 0 if it lies in one, under its own id
 */
public record StoredFile(FileId id, long bytes, String etag, String url, int chunks) {}
