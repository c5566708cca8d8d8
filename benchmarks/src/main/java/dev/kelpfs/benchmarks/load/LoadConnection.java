package dev.kelpfs.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One keep-alive connection with at most one request in flight. Used by one thread. */
final class LoadConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer out;
    private final AnswerParser parser = new AnswerParser();
    private long sentNanos;

    private LoadConnection(SocketChannel channel, Selector selector, int maxRequestBytes) throws IOException {
        this.channel = channel;
        this.out = ByteBuffer.allocateDirect(maxRequestBytes).flip();
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    static LoadConnection open(Workload workload, Selector selector, int maxRequestBytes) throws IOException {
        SocketChannel channel = SocketChannel.open(workload.address());
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            return new LoadConnection(channel, selector, maxRequestBytes);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Starts the next request; what the socket does not take at once follows when it can. */
    void send(byte[] head, byte[] target, byte[] rest, long nowNanos) throws IOException {
        sentNanos = nowNanos;
        out.clear().put(head).put(target).put(rest).flip();
        flush();
    }

    void flush() throws IOException {
        channel.write(out);
        key.interestOps(out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Reads what is there. @return the status of a complete answer, else 0 */
    int receive() throws IOException {
        in.clear();
        if (channel.read(in) < 0) throw new EOFException("the server closed a keep-alive connection");
        return parser.accept(in.flip());
    }

    long sentNanos() {
        return sentNanos;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
