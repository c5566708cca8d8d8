package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodySink;
import dev.kelpfs.http.FileBytes;
import dev.kelpfs.storage.needle.NeedleChecksum;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.FoundNeedle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The data of a record that is too large to be held in memory, read piece by piece while it is sent. A complete pass
 * computes the checksum on the way; when it fails, the last piece is held back and the connection cut, so that a client
 * never takes damaged data for a complete answer.
 */
final class StoredFile implements StoredContent {
    private static final int PIECE_BYTES = 256 << 10;
    /** What an open stream holds on the heap. */
    private static final int STREAM_BYTES = 32 << 10;

    /** From here on the kernel sends, if it can; below, the extra work does not pay. */
    private static final int LEAST_SENT_BYTES = 256 << 10;
    private static final int SENT_PIECE_BYTES = 512 << 10;

    private final FoundNeedle needle;
    private final NeedleMetadata metadata;
    private final DiskPool disk;
    private final ByteBufAllocator buffers;

    private final Runnable closing;

    /** Who still needs the needle: whoever has to close this, and every piece that the kernel has yet to send. */
    private final AtomicInteger holders = new AtomicInteger(1);
    private boolean closed;

    /** @param closing called once by {@link #close} */
    StoredFile(
            FoundNeedle needle, NeedleMetadata metadata, DiskPool disk, ByteBufAllocator buffers, Runnable closing) {
        this.closing = closing;
        this.needle = needle;
        this.metadata = metadata;
        this.disk = disk;
        this.buffers = buffers;
    }

    @Override
    public NeedleMetadata metadata() {
        return metadata;
    }

    @Override
    public long bytes() {
        return metadata.dataBytes();
    }

    @Override
    public byte[] peek(long from, int count) throws IOException {
        byte[] start = new byte[(int) Math.min(count, bytes() - from)];
        try (InputStream in = open(from)) {
            int got = in.readNBytes(start, 0, start.length);
            if (got < start.length) throw new IOException("the data ends after " + got + " bytes");
        }
        return start;
    }

    @Override
    public void writeTo(BodySink sink, long from, long count) throws IOException, InterruptedException {
        CRC32C crc = from == 0 && count == bytes() ? new CRC32C() : null;
        if (count >= LEAST_SENT_BYTES && sink.takesFiles() && needle.canSend()) send(sink, from, count, crc);
        else copy(sink, from, count, crc);
    }

    /**
     * Has the kernel send, piece by piece. Each is read before: that brings it into memory, where an event loop may send it
     * without waiting, and its checksum is computed. The buffer is small enough to stay in the processor's cache.
     */
    private void send(BodySink sink, long from, long count, @Nullable CRC32C crc) throws IOException, InterruptedException {
        long end = from + count;
        for (long at = from; at < end; ) {
            long start = at;
            int bytes = (int) Math.min(SENT_PIECE_BYTES, end - at);
            disk.call(() -> pass(start, bytes, crc));
            at += bytes;
            if (crc != null && at == end) check(crc);
            holders.incrementAndGet();
            sink.write(new Piece(start, bytes));
        }
    }

    /** Its buffer is given back before the client is waited for. */
    private int pass(long from, int bytes, @Nullable CRC32C crc) throws IOException {
        ByteBuf window = buffers.directBuffer(PIECE_BYTES, PIECE_BYTES);
        try {
            for (int done = 0; done < bytes; ) {
                ByteBuffer part = window.nioBuffer(0, Math.min(PIECE_BYTES, bytes - done));
                done += needle.readData(part, from + done);
                if (crc != null) crc.update(part.flip());
            }
            return bytes;
        } finally {
            window.release();
        }
    }

    /** Data that the kernel is to send. */
    private final class Piece implements FileBytes {
        private final long start;
        private final int count;

        Piece(long start, int count) {
            this.start = start;
            this.count = count;
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public long sendTo(int socket, long from) throws IOException {
            return needle.sendData(socket, start + from, count - from);
        }

        @Override
        public int read(ByteBuffer target, long from) throws IOException {
            return needle.readData(target, start + from);
        }

        @Override
        public void release() {
            letGo();
        }
    }

    private void copy(BodySink sink, long from, long count, @Nullable CRC32C crc) throws IOException, InterruptedException {
        long end = from + count;
        for (long at = from; at < end; ) {
            ByteBuf piece = piece(at, (int) Math.min(sink.pieceBytes(), end - at));
            at += piece.readableBytes();
            if (crc != null) {
                crc.update(piece.nioBuffer());
                if (at == end) verify(crc, piece);
            }
            sink.write(piece);
        }
    }

    /** Reads all data once without sending it. */
    @Override
    public void verify() throws IOException {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < bytes(); ) {
            ByteBuf piece = piece(at, (int) Math.min(PIECE_BYTES, bytes() - at));
            crc.update(piece.nioBuffer());
            at += piece.readableBytes();
            if (at == bytes()) verify(crc, piece);
            piece.release();
        }
    }

    private void verify(CRC32C crc, ByteBuf last) throws DamagedDataException {
        boolean good = false;
        try {
            check(crc);
            good = true;
        } finally {
            if (!good) last.release();
        }
    }

    private void check(CRC32C crc) throws DamagedDataException {
        if (NeedleChecksum.matches(metadata.checksum(), (int) crc.getValue())) return;
        throw new DamagedDataException("checksum of key " + metadata.key() + " is " + metadata.etag() + ", expected "
                + NeedleChecksum.etag((int) crc.getValue()));
    }

    private ByteBuf piece(long at, int bytes) throws IOException {
        ByteBuf piece = buffers.directBuffer(bytes, bytes);
        boolean read = false;
        try {
            ByteBuffer target = piece.nioBuffer(0, bytes);
            piece.writerIndex(disk.call(() -> needle.readData(target, at)));
            read = true;
            return piece;
        } finally {
            if (!read) piece.release();
        }
    }

    @Override
    public InputStream open(long from) {
        return new InputStream() {
            private final ByteBuffer window = ByteBuffer.allocate(STREAM_BYTES).limit(0);
            private long next = from;

            @Override
            public int read() throws IOException {
                return fill() ? window.get() & 0xff : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (length == 0) return 0;
                if (!fill()) return -1;
                int count = Math.min(length, window.remaining());
                window.get(target, offset, count);
                return count;
            }

            @Override
            public int available() {
                return (int) Math.min(Integer.MAX_VALUE, window.remaining() + bytes() - next);
            }

            private boolean fill() throws IOException {
                if (window.hasRemaining()) return true;
                if (next >= bytes()) return false;
                window.clear().limit((int) Math.min(STREAM_BYTES, bytes() - next));
                next += disk.call(() -> needle.readData(window, next));
                window.flip();
                return true;
            }
        };
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        letGo();
    }

    private void letGo() {
        if (holders.decrementAndGet() > 0) return;
        needle.close();
        closing.run();
    }
}
