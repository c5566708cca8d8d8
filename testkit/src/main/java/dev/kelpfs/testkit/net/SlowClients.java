package dev.kelpfs.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Many connections that send what they are told as fast as the server takes it, then one byte every second, and never read.
 * One thread serves all. Safe for several threads.
 */
public final class SlowClients implements AutoCloseable {
    private static final Duration DRIP = Duration.ofSeconds(1);
    private static final int RECEIVE_BYTES = 4 << 10;

    /**
     * What a client sends first.
     *
     * @param head text, ASCII
     * @param moreBytes zeros behind it
     */
    public record Opening(String head, long moreBytes) {}

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    /** What one of them has still to send. */
    private static final class Rest {
        private final ByteBuffer head;
        private long moreBytes;

        Rest(Opening opening) {
            head = ByteBuffer.wrap(opening.head.getBytes(StandardCharsets.US_ASCII));
            moreBytes = opening.moreBytes;
        }

        boolean isOver() {
            return !head.hasRemaining() && moreBytes == 0;
        }

        int send(SocketChannel channel) throws IOException {
            if (head.hasRemaining()) return channel.write(head);
            int sent = channel.write(ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), moreBytes)));
            moreBytes -= sent;
            return sent;
        }
    }

    private final Selector selector;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong sentBytes = new AtomicLong();
    private final byte drip;
    private final Thread thread = Thread.ofPlatform().name("slow-clients").daemon().unstarted(this::run);

    private SlowClients(Selector selector, byte drip) {
        this.selector = selector;
        this.drip = drip;
    }

    /**
     * Begins to connect; returns at once.
     *
     * @param opening what each of them sends first
     * @param drip what it sends every second then; 0 for nothing more
     */
    public static SlowClients open(InetSocketAddress server, int count, IntFunction<Opening> opening, char drip) throws IOException {
        SlowClients clients = new SlowClients(Selector.open(), (byte) drip);
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open();
                clients.channels.add(channel);
                // As little as the system allows stands between the server and a client that takes nothing.
                channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BYTES);
                channel.configureBlocking(false);
                Rest first = new Rest(opening.apply(i));
                boolean connected = channel.connect(server);
                channel.register(clients.selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, first);
            }
        } catch (IOException | RuntimeException failed) {
            clients.closeAll();
            throw failed;
        }
        clients.thread.start();
        return clients;
    }

    /** Connections that have sent something. */
    public int begun() {
        return begun.get();
    }

    /** Connections that the server has ended, or that failed. */
    public int ended() {
        return ended.get();
    }

    public long sentBytes() {
        return sentBytes.get();
    }

    private void run() {
        long nextDrip = System.nanoTime() + DRIP.toNanos();
        try {
            while (selector.isOpen()) {
                selector.select(this::serve, Math.max(1, (nextDrip - System.nanoTime()) / 1_000_000));
                if (System.nanoTime() - nextDrip < 0) continue;
                nextDrip += DRIP.toNanos();
                if (drip != 0) selector.keys().forEach(this::drip);
            }
        } catch (ClosedSelectorException closed) {
            return;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void serve(SelectionKey key) {
        Rest rest = (Rest) key.attachment();
        try {
            SocketChannel channel = (SocketChannel) key.channel();
            if (key.isConnectable()) channel.finishConnect();
            boolean first = rest.head.position() == 0;
            int sent = rest.send(channel);
            sentBytes.addAndGet(sent);
            if (first && sent > 0) begun.incrementAndGet();
            key.interestOps(rest.isOver() ? 0 : SelectionKey.OP_WRITE);
        } catch (IOException gone) {
            end(key);
        }
    }

    private void drip(SelectionKey key) {
        if (!key.isValid() || !((Rest) key.attachment()).isOver()) return;
        try {
            sentBytes.addAndGet(((SocketChannel) key.channel()).write(ByteBuffer.wrap(new byte[] {drip})));
        } catch (IOException gone) {
            end(key);
        }
    }

    private void end(SelectionKey key) {
        key.cancel();
        ended.incrementAndGet();
        try {
            key.channel().close();
        } catch (IOException alreadyBroken) {
            // It is gone either way.
        }
    }

    private void closeAll() throws IOException {
        selector.close();
        for (SocketChannel channel : channels) channel.close();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        closeAll();
    }
}
