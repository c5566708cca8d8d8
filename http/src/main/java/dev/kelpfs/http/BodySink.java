package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where a {@link BodyWriter} puts its bytes. A write waits while more than {@link HttpLimits#replyWindowBytes} are on
 * their way to the client. For the writer's thread only.
 */
public interface BodySink {
    /**
     * Sends the remaining bytes of {@code source}; they are copied, so the buffer is free afterwards.
     *
     * @throws IOException if the client is gone or took nothing for too long
     */
    void write(ByteBuffer source) throws IOException, InterruptedException;

    /** Sends the readable bytes of a buffer without a copy; the sink releases it, also when it throws. */
    void write(ByteBuf source) throws IOException, InterruptedException;

    /** Whether {@link #write(FileBytes)} may be called. */
    default boolean takesFiles() {
        return false;
    }

    /**
     * Sends bytes of a file without a copy in this process; the sink releases them, also when it throws. They cost no
     * memory, so more of them are on their way than of others.
     */
    default void write(FileBytes source) throws IOException, InterruptedException {
        source.release();
        throw new IllegalStateException("this sink takes no files");
    }

    /** Bytes that are best written in one go now: what is written is held until the client takes it, so fewer when many are slow. */
    default int pieceBytes() {
        return 64 << 10;
    }
}
