package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodySink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that were made for one answer, such as a smaller picture. */
record MadeFile(byte[] content) implements FileContent {
    @Override
    public long bytes() {
        return content.length;
    }

    @Override
    public byte[] peek(long from, int count) {
        return Arrays.copyOfRange(content, (int) from, (int) Math.min(content.length, from + count));
    }

    @Override
    public void writeTo(BodySink sink, long from, long count) throws IOException, InterruptedException {
        sink.write(ByteBuffer.wrap(content, (int) from, (int) count));
    }

    @Override
    public void close() {
        // Nothing but memory.
    }
}
