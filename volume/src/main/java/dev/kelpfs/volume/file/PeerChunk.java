package dev.kelpfs.volume.file;

import dev.kelpfs.core.FileId;
import dev.kelpfs.http.BodySink;
import dev.kelpfs.volume.manifest.ManifestPath;
import dev.kelpfs.volume.manifest.PeerChunks;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A chunk on another server, fetched when it is wanted.
 *
 * @param bytes its length, as its manifest says
 */
record PeerChunk(PeerChunks peers, FileId id, long bytes, ManifestPath path) implements FileContent {
    private static final int PIECE_BYTES = 64 << 10;

    @Override
    public byte[] peek(long from, int count) throws IOException, InterruptedException {
        int wanted = (int) Math.min(count, bytes - from);
        try (InputStream in = peers.open(id, from, wanted, bytes, path)) {
            return in.readNBytes(wanted);
        }
    }

    @Override
    public void writeTo(BodySink sink, long from, long count) throws IOException, InterruptedException {
        if (count == 0) return;
        try (InputStream in = peers.open(id, from, count, bytes, path)) {
            byte[] piece = new byte[PIECE_BYTES];
            for (long left = count; left > 0; ) {
                int got = in.read(piece, 0, (int) Math.min(piece.length, left));
                if (got < 0) throw new EOFException("chunk " + id + " ended " + left + " bytes early");
                sink.write(ByteBuffer.wrap(piece, 0, got));
                left -= got;
            }
        }
    }

    @Override
    public void close() {
        // The connection is open only while it is written from.
    }
}
