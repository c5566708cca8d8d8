package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodySink;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Takes bytes that somebody wants to have in memory, up to the number that was said. For one thread. */
final class CollectingSink implements BodySink {
    private final ByteBuffer collected;

    CollectingSink(int bytes) {
        collected = ByteBuffer.allocate(bytes);
    }

    @Override
    public void write(ByteBuffer source) {
        collected.put(source);
    }

    @Override
    public void write(ByteBuf source) {
        try {
            int bytes = source.readableBytes();
            source.readBytes(collected.array(), collected.position(), bytes);
            collected.position(collected.position() + bytes);
        } finally {
            source.release();
        }
    }

    /** What has come; complete if the writer kept to its word. */
    byte[] bytes() {
        return collected.array();
    }
}
