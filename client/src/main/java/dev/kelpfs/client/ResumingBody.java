package dev.kelpfs.client;

import dev.kelpfs.client.VolumeCalls.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body of a read that goes on at another server when one dies. What comes then must be the rest of the same content:
 * the same checksum, from the very next byte. Read by one thread.
 */
final class ResumingBody extends InputStream {
    private static final int MOST_RESUMPTIONS = 5;

    /** Opens the rest of the file. */
    @FunctionalInterface
    interface Reopen {
        Optional<Answer> from(ByteRange rest) throws KelpException;
    }

    private final Reopen reopen;
    private final String etag;
    private final long end;
    private InputStream in;
    private long position;
    private int resumptions;
    private boolean closed;

    /**
     * @param offset where in the file the body begins
     * @param bytes its length; one that is not known cannot be resumed
     * @param etag checksum of the content; the same goes for none
     */
    ResumingBody(InputStream in, long offset, OptionalLong bytes, String etag, Reopen reopen) {
        this.in = in;
        this.position = offset;
        this.end = bytes.isPresent() && !etag.isEmpty() ? offset + bytes.getAsLong() : -1;
        this.etag = etag;
        this.reopen = reopen;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        while (true) {
            try {
                int count = in.read(to, offset, length);
                if (count > 0) position += count;
                return count;
            } catch (IOException broken) {
                resume(broken);
            }
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        in.close();
    }

    private void resume(IOException broken) throws IOException {
        boolean possible = end > position && !closed && resumptions < MOST_RESUMPTIONS && !Thread.currentThread().isInterrupted();
        if (!possible) throw broken;
        resumptions++;
        in.close();
        Answer rest;
        try {
            rest = reopen.from(ByteRange.of(position, end - position))
                    .orElseThrow(() -> new KelpException("the file is gone"));
        } catch (KelpException nobody) {
            broken.addSuppressed(nobody);
            throw broken;
        }
        boolean same = rest.status() == 206 && rest.etag().equals(etag) && AnswerHead.offset(rest.headers()) == position;
        if (!same) {
            rest.close();
            broken.addSuppressed(new KelpException("another server has another content"));
            throw broken;
        }
        in = rest.body();
    }
}
