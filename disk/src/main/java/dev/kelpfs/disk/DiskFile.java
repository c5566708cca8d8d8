package dev.kelpfs.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file. Reads and writes name their position; there is no cursor. Several threads may read and write at the
 * same time as long as the ranges they write do not overlap; {@link #truncate} and {@link #close} need a caller who
 * knows that nobody else is at work. A call that comes after {@link #close} is refused with a
 * {@link java.nio.channels.ClosedChannelException}, one that is under way then ends as if the file were still open or
 * is refused so. A change of a file opened with {@link Disk.Open#READ} is refused with a
 * {@link java.nio.channels.NonWritableChannelException}, a negative offset with an {@link IllegalArgumentException}.
 * An interrupt of a thread disturbs no call and closes nothing.
 */
public interface DiskFile extends Closeable {
    /** Answer of {@link #readNow} when the bytes are not in memory, or this file system cannot tell. */
    int WOULD_BLOCK = -2;

    /** Answer of the read methods at or behind the end of the file. */
    int END_OF_FILE = -1;

    /** Answer of {@link #send} when this file, or this socket, needs its bytes copied by the caller. */
    int CANNOT_SEND = -3;

    /**
     * Reads into the remaining room of {@code target} from {@code offset} on, and moves its position. May block.
     *
     * @return bytes read, possibly fewer than asked for, or {@link #END_OF_FILE}
     */
    int read(ByteBuffer target, long offset) throws IOException;

    /**
     * Like {@link #read}, but only with what is in memory already; for threads that must not wait. The buffer must be
     * a direct one.
     *
     * @return bytes read (a short count means that the rest would block, or that the file ends), {@link #END_OF_FILE},
     *     or {@link #WOULD_BLOCK}
     */
    int readNow(ByteBuffer target, long offset) throws IOException;

    /** Whether {@link #send} is worth trying. */
    default boolean canSend() {
        return false;
    }

    /**
     * Has the kernel move bytes to a socket that does not wait, without a copy in this process. Waits for the disk if the
     * bytes are not in memory.
     *
     * @param socket descriptor of the socket
     * @return bytes moved, possibly fewer than asked for, 0 if the socket is full or the file ends, or {@link #CANNOT_SEND}
     */
    default long send(int socket, long offset, long bytes) throws IOException {
        return CANNOT_SEND;
    }

    /**
     * Writes all remaining bytes of the buffers, one after another, from {@code offset} on, and moves their positions.
     * When it throws, any part of them may have been written.
     *
     * @throws DiskFullException if no space is left
     */
    void write(ByteBuffer[] sources, long offset) throws IOException;

    default void write(ByteBuffer source, long offset) throws IOException {
        write(new ByteBuffer[] {source}, offset);
    }

    /** Length in bytes. */
    long size() throws IOException;

    /**
     * Asks for room for the first {@code bytes} bytes without changing the length. A wish: a disk that cannot do it
     * does nothing.
     *
     * @throws DiskFullException if there is no such room
     */
    default void reserve(long bytes) throws IOException {}

    /** Cuts the file to {@code size} bytes; a larger size is an error. */
    void truncate(long size) throws IOException;

    /**
     * Makes content and length durable. After a failure nobody knows what is on the disk: never call it again for the
     * same data and believe the answer.
     */
    void sync() throws IOException;

    /** Gives the file back; doing so again is fine. Makes nothing durable. */
    @Override
    void close() throws IOException;
}
