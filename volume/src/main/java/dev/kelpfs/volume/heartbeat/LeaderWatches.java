package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.LeaderView;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.kelp.WatchLeaderRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every master that is known who leads, without end, and believes the highest term: so neither a master that is paused
 * nor one that is cut off from the others holds this server. A virtual thread for each master; masters of the reference,
 * which do not know the question, are left in peace.
 */
final class LeaderWatches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderWatches.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PAUSE_FOR_THE_REFERENCE = Duration.ofSeconds(30);
    private static final int MAX_MASTERS = 64;

    private final RpcChannels channels;
    private final KnownMasters known;
    private final Consumer<ServerAddress> onLeader;
    private final CancellableContext context = Context.current().withCancellation();

    private final ReentrantLock lock = new ReentrantLock();
    /** By HTTP address, those of the command line first. Guarded by {@link #lock}. */
    private final Map<String, ServerAddress> masters = new LinkedHashMap<>();
    /** Guarded by {@link #lock}. */
    private final List<Thread> threads = new ArrayList<>();
    /** Guarded by {@link #lock}; of the leader that was told last. */
    private long term = -1;
    /** Guarded by {@link #lock}; empty until a master told one. */
    private String clusterId = "";

    /** @param onLeader told who leads, again and again; quick */
    LeaderWatches(List<ServerAddress> seeds, KnownMasters known, RpcChannels channels, Consumer<ServerAddress> onLeader) {
        this.channels = channels;
        this.known = known;
        this.onLeader = onLeader;
        seeds.forEach(seed -> masters.putIfAbsent(seed.http(), seed));
        known.load().forEach(master -> masters.putIfAbsent(master.http(), master));
    }

    void start() {
        lock.lock();
        try {
            masters.values().forEach(this::startWatching);
        } finally {
            lock.unlock();
        }
    }

    /** All masters that are known, those of the command line first. */
    List<ServerAddress> masters() {
        lock.lock();
        try {
            return List.copyOf(masters.values());
        } finally {
            lock.unlock();
        }
    }

    private void startWatching(ServerAddress master) {
        if (context.isCancelled()) return;
        threads.add(Thread.ofVirtual().name("kelp-leader-watch").start(() -> watch(master)));
    }

    private void watch(ServerAddress master) {
        while (!context.isCancelled()) {
            Duration pause = PAUSE;
            Context before = context.attach();
            try {
                ManagedChannel channel = channels.to(master);
                if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) channel.resetConnectBackoff();
                Iterator<LeaderView> views = MastersGrpc.newBlockingStub(channel).watchLeader(WatchLeaderRequest.getDefaultInstance());
                while (views.hasNext()) told(views.next());
            } catch (StatusRuntimeException ended) {
                if (ended.getStatus().getCode() == Status.Code.UNIMPLEMENTED) pause = PAUSE_FOR_THE_REFERENCE;
            } finally {
                context.detach(before);
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    private void told(LeaderView view) {
        List<ServerAddress> learned = new ArrayList<>();
        ServerAddress leader = null;
        try {
            for (String member : view.getMembersList()) learned.add(ServerAddress.parse(member));
            if (!view.getLeader().isEmpty()) leader = ServerAddress.parse(view.getLeader());
        } catch (IllegalArgumentException noAddress) {
            LOG.warn("A master names another one by what is no address: {}", noAddress.getMessage());
            return;
        }
        List<ServerAddress> all = List.of();
        lock.lock();
        try {
            if (!belongs(view)) return;
            if (learn(learned)) all = List.copyOf(masters.values());
            if (view.getTerm() < term) leader = null;
            else term = view.getTerm();
        } finally {
            lock.unlock();
        }
        if (!all.isEmpty()) known.store(all);
        if (leader != null) onLeader.accept(leader);
    }

    /** Masters of another cluster are not followed; their own beat would say which of the two is right. */
    private boolean belongs(LeaderView view) {
        if (view.getClusterId().isEmpty()) return false;
        if (clusterId.isEmpty()) clusterId = view.getClusterId();
        return clusterId.equals(view.getClusterId());
    }

    private boolean learn(List<ServerAddress> learned) {
        boolean more = false;
        for (ServerAddress master : learned) {
            if (masters.size() >= MAX_MASTERS || masters.putIfAbsent(master.http(), master) != null) continue;
            more = true;
            startWatching(master);
        }
        return more;
    }

    @Override
    public void close() {
        context.cancel(null);
        lock.lock();
        try {
            threads.forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
    }
}
