package dev.kelpfs.master.state;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The log of a single master as a file: a header, then {@link LogBatch}es. Big-endian header:
 *
 * <pre>
 *  0  8 bytes  "KELPMLOG"
 *  8  u32      version of this format, 1
 * 12  u64      index of the first command that may stand here
 * 20  u32      CRC-32C of bytes 0 to 19
 * </pre>
 *
 * <p>A log comes into being under another name and is renamed when its header is durable, so a header is never half
 * there. Used by one thread.
 */
final class LogFile implements Closeable {
    static final int HEADER_BYTES = 24;

    private static final long MAGIC = 0x4B454C504D4C4F47L;
    private static final int VERSION = 1;
    private static final int CRC_AT = 20;
    /** A snapshot is taken long before; a file of this size is none of ours. */
    private static final long MAX_BYTES = 1L << 30;

    private final DiskFile file;
    private long bytes;

    private LogFile(DiskFile file, long bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** What a log held when it was opened; {@code tailWasCut} if an unfinished write was removed from its end. */
    record Opened(LogFile log, long firstIndex, List<LogBatch> batches, boolean tailWasCut) {}

    /** Makes an empty log whose first command will have this index; one that is there is replaced in one step. */
    static LogFile create(Disk disk, Path path, long firstIndex) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temporary);
        DiskFile file = disk.open(temporary, Disk.Open.CREATE_NEW);
        try {
            file.write(header(firstIndex), 0);
            file.sync();
            disk.rename(temporary, path);
            disk.syncDirectory(path.getParent());
        } catch (IOException | RuntimeException failed) {
            closeAfter(file, failed);
            throw failed;
        }
        return new LogFile(file, HEADER_BYTES);
    }

    /**
     * Opens a log, checks all of it, and cuts what an interrupted write left at its end.
     *
     * @throws CorruptStateException if it is damaged where an interrupted write cannot be the reason
     */
    static Opened open(Disk disk, Path path) throws IOException {
        DiskFile file = disk.open(path, Disk.Open.READ_WRITE);
        try {
            ByteBuffer content = readAll(file, path);
            long firstIndex = firstIndexOf(content, path);
            List<LogBatch> batches = new ArrayList<>();
            int at = HEADER_BYTES;
            long expected = firstIndex;
            while (at < content.limit()) {
                Optional<LogBatch> batch = LogBatch.decode(content, at);
                if (batch.isEmpty()) break;
                if (batch.get().firstIndex() != expected) {
                    throw new CorruptStateException(
                            path, at, "expected command " + expected + ", found command " + batch.get().firstIndex());
                }
                batches.add(batch.get());
                expected += batch.get().commands().size();
                at += LogBatch.bytesAt(content, at);
            }
            boolean cut = at < content.limit();
            if (cut) cutTail(file, path, content, at);
            return new Opened(new LogFile(file, at), firstIndex, batches, cut);
        } catch (IOException | RuntimeException failed) {
            closeAfter(file, failed);
            throw failed;
        }
    }

    private static void cutTail(DiskFile file, Path path, ByteBuffer content, int at) throws IOException {
        if (LogBatch.anyBehind(content, at)) throw new CorruptStateException(path, at, "commands before intact ones cannot be read");
        file.truncate(at);
        file.sync();
    }

    /** Appends and makes durable. After a failure nobody knows what the file holds: close it. */
    void append(LogBatch batch) throws IOException {
        ByteBuffer encoded = batch.encode();
        int length = encoded.remaining();
        file.write(encoded, bytes);
        file.sync();
        bytes += length;
    }

    /** Length of the file. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static ByteBuffer header(long firstIndex) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(VERSION).putLong(firstIndex).putInt(crcOfHeader(header));
        return header.flip();
    }

    private static long firstIndexOf(ByteBuffer content, Path path) throws IOException {
        if (content.limit() < HEADER_BYTES || content.getLong(0) != MAGIC) {
            throw new CorruptStateException(path, 0, "this is no log of a Kelp master");
        }
        if (content.getInt(CRC_AT) != crcOfHeader(content)) throw new CorruptStateException(path, 0, "the header's checksum is wrong");
        if (content.getInt(8) != VERSION) {
            throw new IOException(path + " has format " + content.getInt(8) + ", this release reads format " + VERSION
                    + "; start the release that wrote it, or a newer one");
        }
        return content.getLong(12);
    }

    private static int crcOfHeader(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.slice(0, CRC_AT));
        return (int) crc.getValue();
    }

    static ByteBuffer readAll(DiskFile file, Path path) throws IOException {
        long size = file.size();
        if (size > MAX_BYTES) throw new CorruptStateException(path, MAX_BYTES, "it is " + size + " bytes long, longer than ever written");
        ByteBuffer content = ByteBuffer.allocate((int) size);
        while (content.hasRemaining()) {
            if (file.read(content, content.position()) < 0) throw new CorruptStateException(path, content.position(), "it ends too early");
        }
        return content.flip();
    }

    static void closeAfter(Closeable file, Exception failed) {
        try {
            file.close();
        } catch (IOException closing) {
            failed.addSuppressed(closing);
        }
    }
}
