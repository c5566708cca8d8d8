package dev.kelpfs.http;

import io.netty.channel.FileRegion;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.AbstractReferenceCounted;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** {@link FileBytes} as Netty sends them. Confined to one event loop. */
final class KernelRegion extends AbstractReferenceCounted implements FileRegion {
    private static final int COPIED_BYTES = 64 << 10;

    private final FileBytes bytes;
    private final UnixChannel channel;
    private long transferred;
    private boolean copies;

    KernelRegion(FileBytes bytes, UnixChannel channel) {
        this.bytes = bytes;
        this.channel = channel;
    }

    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        long moved = copies ? -1 : bytes.sendTo(channel.fd().intValue(), position);
        if (moved < 0) {
            copies = true;
            moved = copy(target, position);
        }
        transferred += moved;
        return moved;
    }

    private long copy(WritableByteChannel target, long position) throws IOException {
        ByteBuffer window = ByteBuffer.allocate((int) Math.min(COPIED_BYTES, count() - position));
        if (bytes.read(window, position) <= 0) throw new EOFException("the file ends " + (count() - position) + " bytes early");
        return target.write(window.flip());
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public long count() {
        return bytes.count();
    }

    @Override
    public long transferred() {
        return transferred;
    }

    @Override
    @Deprecated
    public long transfered() {
        return transferred;
    }

    @Override
    public KernelRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public KernelRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public KernelRegion touch() {
        return this;
    }

    @Override
    public KernelRegion touch(Object hint) {
        return this;
    }

    @Override
    protected void deallocate() {
        bytes.release();
    }
}
