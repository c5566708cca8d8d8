package dev.kelpfs.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy between two parties that it knows by name, for faults that real networks have. One proxy stands for the
 * connections that {@code sender} opens to {@code receiver}; two of them make both directions of a partition. Every
 * method may be called by any thread at any time; connections run on virtual threads of their own.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 2_000;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final String sender;
    private final String receiver;
    private final InetSocketAddress listen;
    private final InetSocketAddress target;
    private final Gate toReceiver = new Gate();
    private final Gate toSender = new Gate();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final AtomicLong accepted = new AtomicLong();

    /** Null while connections are refused. Guarded by this. */
    private @Nullable Listener listener;

    private TcpProxy(String sender, String receiver, ServerSocket server, InetSocketAddress target) {
        this.sender = sender;
        this.receiver = receiver;
        this.listen = (InetSocketAddress) server.getLocalSocketAddress();
        this.target = target;
    }

    /**
     * Listens and passes everything on.
     *
     * @param sender who connects to this proxy, for messages
     * @param receiver who listens at {@code target}
     * @param listen where to listen; port 0 takes any
     */
    public static TcpProxy start(String sender, String receiver, InetSocketAddress listen, InetSocketAddress target)
            throws IOException {
        ServerSocket server = bind(listen);
        TcpProxy proxy = new TcpProxy(sender, receiver, server, target);
        proxy.listener = proxy.acceptFrom(server);
        return proxy;
    }

    /** Who opens connections through this proxy. */
    public String sender() {
        return sender;
    }

    /** Who gets them. */
    public String receiver() {
        return receiver;
    }

    /** Where {@link #sender()} connects to. */
    public InetSocketAddress address() {
        return listen;
    }

    /** How many connections were taken since the start. */
    public long acceptedConnections() {
        return accepted.get();
    }

    /** How many are open now. */
    public int openConnections() {
        return connections.size();
    }

    /** What happens to bytes that the sender sends, on all connections, also later ones. */
    public void toReceiver(Flow flow) {
        toReceiver.set(flow);
    }

    /** What happens to bytes that come back. */
    public void toSender(Flow flow) {
        toSender.set(flow);
    }

    /** Both directions at once. */
    public void both(Flow flow) {
        toReceiver.set(flow);
        toSender.set(flow);
    }

    /** Resets every open connection: both ends see ECONNRESET. New ones are still taken. */
    public void cut() {
        connections.forEach(ProxiedConnection::reset);
    }

    /** From now on connections are refused (ECONNREFUSED); open ones go on. */
    public synchronized void refuseNew() {
        if (listener == null) return;
        listener.close();
        listener = null;
    }

    /** Takes connections again, at the same address. */
    public synchronized void acceptNew() throws IOException {
        if (listener == null) listener = acceptFrom(bind(listen));
    }

    @Override
    public void close() {
        refuseNew();
        both(Flow.DROP);
        cut();
    }

    @Override
    public String toString() {
        return "proxy " + sender + " -> " + receiver + " (" + listen + " -> " + target + ")";
    }

    private static ServerSocket bind(InetSocketAddress address) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(address);
            return server;
        } catch (IOException failed) {
            server.close();
            throw new IOException("cannot listen on " + address, failed);
        }
    }

    private Listener acceptFrom(ServerSocket listening) {
        return new Listener(listening, Thread.ofVirtual().name(toString()).start(() -> {
            while (!listening.isClosed()) {
                try {
                    take(listening.accept());
                } catch (IOException closed) {
                    // accept() fails when refuseNew() closes the socket, which ends the loop.
                }
            }
        }));
    }

    private void take(Socket fromSender) {
        accepted.incrementAndGet();
        if (!places.tryAcquire()) {
            ProxiedConnection.abort(fromSender);
            return;
        }
        Thread.ofVirtual().name(toString() + " connect").start(() -> {
            Socket toTarget = new Socket();
            try {
                toTarget.connect(target, CONNECT_TIMEOUT_MILLIS);
            } catch (IOException unreachable) {
                ProxiedConnection.abort(toTarget);
                ProxiedConnection.abort(fromSender);
                places.release();
                return;
            }
            ProxiedConnection connection = new ProxiedConnection(fromSender, toTarget, toReceiver, toSender, this::gone);
            connections.add(connection);
            connection.run(toString());
        });
    }

    private void gone(ProxiedConnection connection) {
        if (connections.remove(connection)) places.release();
    }

    /** The listening socket and the thread that takes from it. */
    private record Listener(ServerSocket socket, Thread acceptor) {
        void close() {
            try {
                socket.close();
                // Only when the thread has left accept() is the port really closed.
                acceptor.join();
            } catch (IOException failed) {
                throw new UncheckedIOException("cannot close " + socket, failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
