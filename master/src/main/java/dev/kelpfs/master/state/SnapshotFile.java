package dev.kelpfs.master.state;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A snapshot of the masters' state as a file, big-endian:
 *
 * <pre>
 *  0  8 bytes  "KELPMSNP"
 *  8  u32      version of this format, 1
 * 12  u32      CRC-32C of what follows
 * 16  a kelp_pb.MasterSnapshot
 * </pre>
 */
final class SnapshotFile {
    private static final long MAGIC = 0x4B454C504D534E50L;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 16;

    private SnapshotFile() {}

    /** Replaces the snapshot in one step; durable on return. */
    static void write(Disk disk, Path path, MasterSnapshot snapshot) throws IOException {
        byte[] content = snapshot.toByteArray();
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + content.length);
        out.putLong(MAGIC).putInt(VERSION).putInt(crc(ByteBuffer.wrap(content))).put(content).flip();
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temporary);
        try (DiskFile file = disk.open(temporary, Disk.Open.CREATE_NEW)) {
            file.write(out, 0);
            file.sync();
        }
        disk.rename(temporary, path);
        disk.syncDirectory(path.getParent());
    }

    /** @throws CorruptStateException if the file is damaged; it is never written in place, so no crash explains that */
    static MasterSnapshot read(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path, Disk.Open.READ)) {
            ByteBuffer content = LogFile.readAll(file, path);
            if (content.limit() < HEADER_BYTES || content.getLong(0) != MAGIC) {
                throw new CorruptStateException(path, 0, "this is no snapshot of a Kelp master");
            }
            if (content.getInt(8) != VERSION) {
                throw new IOException(path + " has format " + content.getInt(8) + ", this release reads format " + VERSION
                        + "; start the release that wrote it, or a newer one");
            }
            ByteBuffer body = content.slice(HEADER_BYTES, content.limit() - HEADER_BYTES);
            if (content.getInt(12) != crc(body)) throw new CorruptStateException(path, HEADER_BYTES, "the checksum is wrong");
            return MasterSnapshot.parseFrom(body);
        } catch (InvalidProtocolBufferException unreadable) {
            throw new CorruptStateException(path, HEADER_BYTES, String.valueOf(unreadable.getMessage()));
        }
    }

    private static int crc(ByteBuffer body) {
        CRC32C crc = new CRC32C();
        crc.update(body.duplicate());
        return (int) crc.getValue();
    }
}
