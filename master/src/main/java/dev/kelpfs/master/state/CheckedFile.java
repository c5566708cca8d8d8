package dev.kelpfs.master.state;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A small file that is only ever replaced as a whole, big-endian:
 *
 * <pre>
 *  0  8 bytes  magic
 *  8  u32      version of this format, 1
 * 12  u32      CRC-32C of what follows
 * 16  content
 * </pre>
 */
public final class CheckedFile {
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 16;

    private CheckedFile() {}

    /** Replaces the file in one step; durable on return. */
    public static void write(Disk disk, Path path, long magic, byte[] content) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + content.length);
        out.putLong(magic).putInt(VERSION).putInt(crc(ByteBuffer.wrap(content))).put(content).flip();
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temporary);
        try (DiskFile file = disk.open(temporary, Disk.Open.CREATE_NEW)) {
            file.write(out, 0);
            file.sync();
        }
        disk.rename(temporary, path);
        disk.syncDirectory(path.getParent());
    }

    /**
     * The content.
     *
     * @param what the file should be, for the message
     * @throws CorruptStateException if the file is damaged; it is never written in place, so no crash explains that
     */
    public static ByteBuffer read(Disk disk, Path path, long magic, String what) throws IOException {
        try (DiskFile file = disk.open(path, Disk.Open.READ)) {
            ByteBuffer content = LogFile.readAll(file, path);
            if (content.limit() < HEADER_BYTES || content.getLong(0) != magic) {
                throw new CorruptStateException(path, 0, "this is not " + what);
            }
            if (content.getInt(8) != VERSION) {
                throw new IOException(path + " has format " + content.getInt(8) + ", this release reads format " + VERSION
                        + "; start the release that wrote it, or a newer one");
            }
            ByteBuffer body = content.slice(HEADER_BYTES, content.limit() - HEADER_BYTES);
            if (content.getInt(12) != crc(body)) throw new CorruptStateException(path, HEADER_BYTES, "the checksum is wrong");
            return body;
        }
    }

    private static int crc(ByteBuffer body) {
        CRC32C crc = new CRC32C();
        crc.update(body.duplicate());
        return (int) crc.getValue();
    }
}
