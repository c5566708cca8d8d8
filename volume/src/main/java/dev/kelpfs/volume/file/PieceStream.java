package dev.kelpfs.volume.file;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects bytes in pieces, so that growing copies nothing. For one thread. */
final class PieceStream extends OutputStream {
    private static final int FIRST_PIECE_BYTES = 4 << 10;
    private static final int PIECE_BYTES = 64 << 10;

    private final List<ByteBuffer> full = new ArrayList<>();
    private ByteBuffer last = ByteBuffer.allocate(FIRST_PIECE_BYTES);
    private long bytes;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        bytes += length;
        int at = offset;
        int left = length;
        while (left > 0) {
            if (!last.hasRemaining()) {
                full.add(last.flip());
                last = ByteBuffer.allocate(PIECE_BYTES);
            }
            int count = Math.min(left, last.remaining());
            last.put(source, at, count);
            at += count;
            left -= count;
        }
    }

    long bytes() {
        return bytes;
    }

    /** All that came, in its order. */
    List<ByteBuffer> pieces() {
        List<ByteBuffer> pieces = new ArrayList<>(full);
        pieces.add(last.duplicate().flip());
        return pieces;
    }
}
