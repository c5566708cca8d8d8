package dev.kelpfs.volume.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compression of whole bodies and the test by which stored data counts as compressed. */
final class Gzip {
    /** How many bytes {@link #hasMagic} looks at. */
    static final int MAGIC_BYTES = 2;

    /** More than this is not inflated: a small file can be made to hold the work of hours. */
    static final long MAX_PLAIN_BYTES = 4L << 30;

    private static final int COPY_BYTES = 16 << 10;
    private static final int FIRST_MAGIC = 0x1f;
    private static final int SECOND_MAGIC = 0x8b;

    private Gzip() {}

    /** True if the data starts as gzip does. */
    static boolean hasMagic(ByteBuffer data) {
        return data.remaining() >= MAGIC_BYTES
                && (data.get(data.position()) & 0xff) == FIRST_MAGIC
                && (data.get(data.position() + 1) & 0xff) == SECOND_MAGIC;
    }

    /**
     * Compresses the remaining bytes of the buffers and leaves their positions alone; gives up as soon as more comes out
     * than would be worth it, so that data which does not shrink costs no memory.
     *
     * @return the pieces of the compressed data; empty if it is not worthwhile
     */
    static Optional<List<ByteBuffer>> compress(List<ByteBuffer> data) {
        long plainBytes = data.stream().mapToLong(ByteBuffer::remaining).sum();
        PieceStream packed = new PieceStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed, COPY_BYTES)) {
            byte[] copy = new byte[COPY_BYTES];
            for (ByteBuffer part : data) {
                ByteBuffer rest = part.duplicate();
                while (rest.hasRemaining()) {
                    int count = Math.min(copy.length, rest.remaining());
                    rest.get(copy, 0, count);
                    out.write(copy, 0, count);
                    if (!UploadRules.isWorthwhile(packed.bytes(), plainBytes)) return Optional.empty();
                    // Others on this carrier get their turn.
                    Thread.yield();
                }
            }
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return UploadRules.isWorthwhile(packed.bytes(), plainBytes) ? Optional.of(packed.pieces()) : Optional.empty();
    }

    /** The plain bytes of gzip data as a stream. */
    static InputStream inflating(InputStream packed) throws IOException {
        return new GZIPInputStream(packed, COPY_BYTES);
    }

    /** Bytes of a buffer as a stream, with a true {@code available}, which tells a gzip reader that another member follows. */
    static InputStream stream(ByteBuffer data) {
        ByteBuffer rest = data.duplicate();
        return new InputStream() {
            @Override
            public int read() {
                return rest.hasRemaining() ? rest.get() & 0xff : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (length == 0) return 0;
                if (!rest.hasRemaining()) return -1;
                int count = Math.min(length, rest.remaining());
                rest.get(target, offset, count);
                return count;
            }

            @Override
            public int available() {
                return rest.remaining();
            }
        };
    }
}
