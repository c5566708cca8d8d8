package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.volume.heartbeat.Allegiance.Verdict;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every master that is known who leads, without end, and believes the highest term: so neither a master that is paused
 * nor one that is cut off from the others holds this server. Masters of another cluster are followed only when
 * {@link Allegiance} says so. A virtual thread for each master; masters of the reference, which do not know the question, are left
 * in peace.
 */
final class LeaderWatches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderWatches.class);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PAUSE_FOR_THE_REFERENCE = Duration.ofSeconds(30);
    private static final int MAX_MASTERS = 64;
    /** A leader that is refused says so again and again. */
    private static final Duration REFUSAL_LASTS = Duration.ofSeconds(10);

    private final RpcChannels channels;
    private final KnownMasters known;
    private final Ticker ticker;
    private final Listener listener;
    private final CancellableContext context = Context.current().withCancellation();

    private final ReentrantLock lock = new ReentrantLock();
    /** By HTTP address, those of the command line first. Guarded by {@link #lock}. */
    private final Map<String, ServerAddress> masters = new LinkedHashMap<>();
    /** Guarded by {@link #lock}. */
    private final List<Thread> threads = new ArrayList<>();
    /** Guarded by {@link #lock}; of the leader that was told last. */
    private long term = -1;
    /** Guarded by {@link #lock}. */
    private Allegiance allegiance;
    /** Guarded by {@link #lock}. */
    private final Sightings sightings;
    /** Guarded by {@link #lock}: why a leader was refused last, and when. */
    private String refusal = "";
    private long refusedNanos;

    /** Told what the masters say; quick. */
    interface Listener {
        /** Who leads, again and again. */
        void leaderIs(ServerAddress leader);

        /** A master that must not be talked to. */
        void refused(ServerAddress master);
    }

    LeaderWatches(
            List<ServerAddress> seeds, KnownMasters known, RpcChannels channels, Ticker ticker, Listener listener) {
        this.channels = channels;
        this.known = known;
        this.ticker = ticker;
        this.listener = listener;
        this.sightings = new Sightings(seeds);
        KnownMasters.Content kept = known.load();
        this.allegiance = new Allegiance(kept.cluster(), ticker.nanos());
        seeds.forEach(seed -> masters.putIfAbsent(seed.http(), seed));
        kept.masters().forEach(master -> masters.putIfAbsent(master.http(), master));
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

    /** The masters that are of this server's cluster or of the reference: whom it may believe. */
    List<ServerAddress> ownMasters() {
        lock.lock();
        try {
            return masters.values().stream().filter(master -> whyNot(master).isEmpty()).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Why a master must not be told of this server now; empty if it may be. Never waits. */
    String mayNotCall(ServerAddress master) {
        lock.lock();
        try {
            String reason = whyNot(master);
            // Nobody who is watched has named it, so that it must be asked first.
            if (!reason.isEmpty() && learn(List.of(master))) LOG.info("Master {} is asked which cluster it belongs to", master);
            return reason;
        } finally {
            lock.unlock();
        }
    }

    /** Why a leader of another cluster is refused; empty if there is none. For people. */
    String refusal() {
        lock.lock();
        try {
            return ticker.since(refusedNanos).compareTo(REFUSAL_LASTS) < 0 ? refusal : "";
        } finally {
            lock.unlock();
        }
    }

    private String whyNot(ServerAddress master) {
        if (!allegiance.isBound() || sightings.isReference(master)) return "";
        String cluster = sightings.clusterOf(master).orElse("");
        if (allegiance.isOwn(cluster)) return "";
        if (cluster.isEmpty()) return "it has not said that it belongs to cluster " + allegiance.cluster();
        return "it belongs to cluster " + cluster + ", and this server to cluster " + allegiance.cluster();
    }

    private void startWatching(ServerAddress master) {
        if (context.isCancelled()) return;
        threads.add(Thread.ofVirtual().name("kelp-leader-watch").start(() -> watch(master)));
    }

    private void watch(ServerAddress master) {
        while (!context.isCancelled() && isKnown(master)) {
            Duration pause = PAUSE;
            Context before = context.attach();
            try {
                ManagedChannel channel = channels.to(master);
                if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) channel.resetConnectBackoff();
                Iterator<LeaderView> views = MastersGrpc.newBlockingStub(channel).watchLeader(WatchLeaderRequest.getDefaultInstance());
                while (views.hasNext()) told(master, views.next());
                lost(master, false);
            } catch (StatusRuntimeException ended) {
                boolean reference = ended.getStatus().getCode() == Status.Code.UNIMPLEMENTED;
                if (reference) pause = PAUSE_FOR_THE_REFERENCE;
                lost(master, reference);
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

    private boolean isKnown(ServerAddress master) {
        lock.lock();
        try {
            return masters.containsKey(master.http());
        } finally {
            lock.unlock();
        }
    }

    private void lost(ServerAddress master, boolean isReference) {
        lock.lock();
        try {
            if (isReference) sightings.isOfTheReference(master);
            else sightings.lost(master);
        } finally {
            lock.unlock();
        }
    }

    private void told(ServerAddress asked, LeaderView view) {
        List<ServerAddress> members = new ArrayList<>();
        Optional<ServerAddress> leader;
        Optional<ServerAddress> self;
        try {
            for (String member : view.getMembersList()) members.add(ServerAddress.parse(member));
            leader = address(view.getLeader());
            self = address(view.getSelf());
        } catch (IllegalArgumentException noAddress) {
            LOG.warn("A master names another one by what is no address: {}", noAddress.getMessage());
            return;
        }
        boolean follows;
        boolean changed = false;
        lock.lock();
        try {
            sightings.saw(asked, view, self);
            if (view.getClusterId().isEmpty()) return;
            boolean own = allegiance.isOwn(view.getClusterId());
            follows = own || !allegiance.isBound() || moves(leader, members, view);
            if (follows) {
                allegiance = allegiance.heard(view.getClusterId(), ticker.nanos());
                changed = learn(members) || !own;
                if (view.getTerm() < term) leader = Optional.empty();
                else term = view.getTerm();
            }
        } finally {
            lock.unlock();
        }
        if (changed) keep();
        if (!follows) {
            listener.refused(asked);
            self.ifPresent(listener::refused);
        } else {
            leader.ifPresent(listener::leaderIs);
        }
    }

    private static Optional<ServerAddress> address(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(ServerAddress.parse(text));
    }

    /** One at a time, so that what is newer is written later. */
    private void keep() {
        synchronized (known) {
            KnownMasters.Content content;
            lock.lock();
            try {
                content = content();
            } finally {
                lock.unlock();
            }
            known.store(content);
        }
    }

    private KnownMasters.Content content() {
        List<ServerAddress> own = masters.values().stream()
                .filter(master -> sightings.clusterOf(master).filter(cluster -> !cluster.isEmpty() && !allegiance.isOwn(cluster)).isEmpty())
                .toList();
        return new KnownMasters.Content(allegiance.cluster(), own);
    }

    /** Somebody speaks for another cluster. @return whether this server moves there */
    private boolean moves(Optional<ServerAddress> leader, List<ServerAddress> members, LeaderView view) {
        if (leader.isEmpty()) return false;
        boolean given = sightings.isGiven(leader.get());
        return switch (allegiance.judge(leader.get(), view.getClusterId(), given, known.path(), ticker.nanos())) {
            case Verdict.Refuse(var reason) -> {
                if (!reason.equals(refusal)) LOG.warn("Refused: {}", reason);
                refusal = reason;
                refusedNanos = ticker.nanos();
                yield false;
            }
            case Verdict.Follow() -> {
                LOG.warn("No master of cluster {} has answered for {} s, so this server follows master {} and belongs to cluster {}"
                        + " from now on", allegiance.cluster(), Allegiance.PATIENCE.toSeconds(), leader.get(), view.getClusterId());
                refusal = "";
                term = -1;
                // Who was a master of the old cluster only is forgotten, and so asked no more.
                masters.values().removeIf(master -> !sightings.isGiven(master) && members.stream().noneMatch(master::isSameServer));
                yield true;
            }
        };
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
