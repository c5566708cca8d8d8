package dev.kelpfs.client;

import dev.kelpfs.core.FileId;

/**
 * A file that a volume server has acknowledged.
 *
 * @param bytes length of the content
 * @param etag checksum of the stored bytes in 8 hex digits
 */
public record StoredFile(FileId id, long bytes, String etag) {}
