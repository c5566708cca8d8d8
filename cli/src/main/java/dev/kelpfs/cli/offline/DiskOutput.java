package dev.kelpfs.cli.offline;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A new file that gets its name only when it is whole and durable; until then it is called {@code <name>.part}. */
final class DiskOutput extends OutputStream {
    private static final int PIECE_BYTES = 1 << 18;

    private final Disk disk;
    private final Path target;
    private final Path part;
    private final DiskFile file;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    private long written;
    private boolean complete;

    DiskOutput(Disk disk, Path target) throws IOException {
        this.disk = disk;
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        disk.delete(part);
        this.file = disk.open(part, Open.CREATE_NEW);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int end = from + length;
        while (at < end) {
            if (!piece.hasRemaining()) flushPiece();
            int now = Math.min(piece.remaining(), end - at);
            piece.put(bytes, at, now);
            at += now;
        }
    }

    private void flushPiece() throws IOException {
        int bytes = piece.flip().remaining();
        if (bytes > 0) file.write(piece, written);
        written += bytes;
        piece.clear();
    }

    /** Gives the file its name; one that had it before is replaced. */
    void complete() throws IOException {
        flushPiece();
        file.sync();
        file.close();
        disk.rename(part, target);
        Path directory = target.getParent();
        disk.syncDirectory(directory == null ? Path.of(".") : directory);
        complete = true;
    }

    /** Removes the file unless it is complete. */
    @Override
    public void close() throws IOException {
        if (complete) return;
        file.close();
        disk.delete(part);
    }
}
