package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodySink;
import dev.kelpfs.storage.needle.NeedleMetadata;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Data that is in memory, read and verified with its whole record. Owns the buffer. */
record HeldData(NeedleMetadata metadata, ByteBuf data) implements StoredContent {
    @Override
    public long bytes() {
        return data.readableBytes();
    }

    @Override
    public byte[] peek(long from, int count) {
        byte[] start = new byte[(int) Math.min(count, bytes() - from)];
        data.getBytes(data.readerIndex() + (int) from, start);
        return start;
    }

    @Override
    public void writeTo(BodySink sink, long from, long count) throws IOException, InterruptedException {
        sink.write(data.retainedSlice(data.readerIndex() + (int) from, (int) count));
    }

    @Override
    public InputStream open(long from) {
        ByteBuffer bytes = data.nioBuffer();
        return Gzip.stream(bytes.position(bytes.position() + (int) from));
    }

    @Override
    public void verify() {
        // The checksum was compared when the record was parsed.
    }

    @Override
    public void close() {
        data.release();
    }
}
