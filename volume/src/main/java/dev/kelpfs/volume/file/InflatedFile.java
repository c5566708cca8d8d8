package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodySink;
import dev.kelpfs.http.HttpException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/**
 * Compressed data as its plain bytes, for clients that do not read gzip. It is inflated twice: once to learn the length
 * and that all of it can be inflated, and once to send it. So memory stays bounded however much comes out, and damage is
 * found before the first byte goes out.
 */
final class InflatedFile implements FileContent {
    private static final int PIECE_BYTES = 16 << 10;

    private final Supplier<InputStream> packed;
    private final Runnable closing;
    private final long bytes;

    private InflatedFile(Supplier<InputStream> packed, Runnable closing, long bytes) {
        this.packed = packed;
        this.closing = closing;
        this.bytes = bytes;
    }

    /**
     * Inflates once.
     *
     * @param packed opens the compressed bytes anew each time
     * @param closing gives back what {@code packed} reads from; called by {@link #close}, and if this throws
     * @throws IOException if the data is no complete gzip stream
     * @throws HttpException 500 if more than {@link Gzip#MAX_PLAIN_BYTES} come out
     */
    static InflatedFile measure(Supplier<InputStream> packed, Runnable closing) throws IOException {
        long bytes = 0;
        boolean measured = false;
        byte[] piece = new byte[PIECE_BYTES];
        try (InputStream plain = new GZIPInputStream(packed.get(), PIECE_BYTES)) {
            for (int got = plain.read(piece); got >= 0; got = plain.read(piece)) {
                bytes += got;
                if (bytes > Gzip.MAX_PLAIN_BYTES) {
                    throw new HttpException(500, "the file inflates to more than " + Gzip.MAX_PLAIN_BYTES
                            + " bytes; ask with Accept-Encoding: gzip for the data as it is stored");
                }
                // Others on this carrier get their turn.
                Thread.yield();
            }
            measured = true;
        } finally {
            if (!measured) closing.run();
        }
        return new InflatedFile(packed, closing, bytes);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public byte[] peek(long from, int count) throws IOException {
        try (InputStream plain = new GZIPInputStream(packed.get(), PIECE_BYTES)) {
            plain.skipNBytes(from);
            return plain.readNBytes(count);
        }
    }

    @Override
    public void writeTo(BodySink sink, long from, long count) throws IOException, InterruptedException {
        try (InputStream plain = new GZIPInputStream(packed.get(), PIECE_BYTES)) {
            plain.skipNBytes(from);
            byte[] piece = new byte[PIECE_BYTES];
            long left = count;
            while (left > 0) {
                int got = plain.read(piece, 0, (int) Math.min(piece.length, left));
                if (got < 0) throw new EOFException("the inflated data ends " + left + " bytes early");
                sink.write(ByteBuffer.wrap(piece, 0, got));
                left -= got;
            }
        }
    }

    @Override
    public void close() {
        closing.run();
    }
}
