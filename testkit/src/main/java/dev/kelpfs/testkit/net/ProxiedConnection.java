package dev.kelpfs.testkit.net;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through a proxy: two sockets and a pump for each direction. */
final class ProxiedConnection {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final Socket sender;
    private final Socket receiver;
    private final Gate toReceiver;
    private final Gate toSender;
    private final Consumer<ProxiedConnection> whenGone;
    private final AtomicInteger openDirections = new AtomicInteger(2);

    ProxiedConnection(Socket sender, Socket receiver, Gate toReceiver, Gate toSender, Consumer<ProxiedConnection> whenGone) {
        this.sender = sender;
        this.receiver = receiver;
        this.toReceiver = toReceiver;
        this.toSender = toSender;
        this.whenGone = whenGone;
    }

    void run(String name) {
        Thread.ofVirtual().name(name + " forth").start(() -> pump(sender, receiver, toReceiver));
        Thread.ofVirtual().name(name + " back").start(() -> pump(receiver, sender, toSender));
    }

    /** Ends it at once in both directions, without an orderly farewell. */
    void reset() {
        abort(sender);
        abort(receiver);
        whenGone.accept(this);
    }

    /** Closes with a reset instead of a farewell. */
    static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            // Then there is nobody left to be told.
        }
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // As above.
        }
    }

    private void pump(Socket from, Socket to, Gate gate) {
        byte[] buffer = new byte[BUFFER_BYTES];
        boolean hole = false;
        try {
            while (true) {
                int n = from.getInputStream().read(buffer);
                Flow flow = gate.awaitDecision();
                if (flow == Flow.DROP) {
                    // A farewell that is dropped is never seen; the connection lives until somebody cuts it.
                    if (n < 0) return;
                    hole = true;
                } else if (hole) {
                    throw new IOException("bytes were dropped before: a stream must not have a hole");
                } else if (n < 0) {
                    to.shutdownOutput();
                    directionEnded();
                    return;
                } else {
                    to.getOutputStream().write(buffer, 0, n);
                }
            }
        } catch (IOException broken) {
            reset();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void directionEnded() {
        if (openDirections.decrementAndGet() > 0) return;
        try {
            sender.close();
            receiver.close();
        } catch (IOException alreadyClosed) {
            // Nothing is lost: both ends have been told.
        }
        whenGone.accept(this);
    }
}
