package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.volume.heartbeat.HeartbeatStream.Ended;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one master informed, for as long as the server lives: calls the masters in order, follows the leader that they
 * name, and calls again when a stream ends. One virtual thread does it; all methods may be called by any thread.
 */
public final class HeartbeatLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatLoop.class);
    private static final Duration FAREWELL_PATIENCE = Duration.ofSeconds(2);

    private final NodeIdentity node;
    private final Supplier<NodeSnapshot> snapshots;
    private final RpcChannels channels;
    private final Ticker ticker;
    private final HeartbeatEvents events;
    private final Consumer<String> fatal;
    private final MasterChoice first;
    private final LeaderWatches watches;
    private final CountDownLatch finished = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopAsked = lock.newCondition();
    /** Guarded by {@code lock}. */
    private boolean stopping;
    /** Guarded by {@code lock}. The stream that is open, accepted or not yet. */
    private @Nullable HeartbeatStream current;
    /** Guarded by {@code lock}. A leader that was just heard of and is not called yet. */
    private Optional<ServerAddress> newLeader = Optional.empty();
    /** Guarded by {@code lock}. The master that took us; empty while there is none. */
    private Optional<ServerAddress> master = Optional.empty();

    private HeartbeatLoop(
            List<ServerAddress> masters, KnownMasters known, NodeIdentity node, Supplier<NodeSnapshot> snapshots, RpcChannels channels,
            Ticker ticker, HeartbeatEvents events, Consumer<String> fatal) {
        this.watches = new LeaderWatches(masters, known, channels, ticker, new Leaders());
        this.first = MasterChoice.first(watches.masters());
        this.node = node;
        this.snapshots = snapshots;
        this.channels = channels;
        this.ticker = ticker;
        this.events = events;
        this.fatal = fatal;
    }

    /**
     * Starts calling.
     *
     * @param snapshots asked on the heartbeat's thread whenever there is something to tell
     * @param masters at least one, in the order they are tried
     * @param known masters of earlier days, tried after them
     * @param fatal told when the masters say that another server serves our directories
     */
    public static HeartbeatLoop start(
            List<ServerAddress> masters, KnownMasters known, NodeIdentity node, Supplier<NodeSnapshot> snapshots, RpcChannels channels,
            Ticker ticker, HeartbeatEvents events, Consumer<String> fatal) {
        HeartbeatLoop loop = new HeartbeatLoop(masters, known, node, snapshots, channels, ticker, events, fatal);
        Thread.ofVirtual().name("kelp-heartbeat").start(loop::run);
        loop.watches.start();
        return loop;
    }

    /** Tells the master at once about volumes that came or went. Without a master the next full beat does. */
    public void volumesChanged() {
        lock.lock();
        try {
            if (current != null) current.volumesChanged();
        } finally {
            lock.unlock();
        }
    }

    /** All masters that are known, those of the command line first. */
    public List<ServerAddress> masters() {
        return watches.masters();
    }

    /** The master that knows about this server now. */
    public Optional<ServerAddress> master() {
        lock.lock();
        try {
            return master;
        } finally {
            lock.unlock();
        }
    }

    /** Those of them that are of this server's cluster, or of the reference. */
    public List<ServerAddress> ownMasters() {
        return watches.ownMasters();
    }

    /** Why a leader of another cluster is refused now; empty if there is none. For people. */
    public String refusal() {
        return watches.refusal();
    }

    private final class Leaders implements LeaderWatches.Listener {
        /** This master leads, so a conversation with another one ends. */
        @Override
        public void leaderIs(ServerAddress leader) {
            lock.lock();
            try {
                if (current != null && current.isWith(leader)) return;
                newLeader = Optional.of(leader);
                stopAsked.signalAll();
                if (current != null) current.leaderIs(leader);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void refused(ServerAddress master) {
            lock.lock();
            try {
                if (current != null && current.isWith(master)) current.refuse("it belongs to another cluster");
            } finally {
                lock.unlock();
            }
        }
    }

    /** Takes leave of the master, if there is one, and never calls again. Waits until that is done, at most 2 s. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            watches.close();
            stopAsked.signalAll();
            if (current != null) current.stop();
        } finally {
            lock.unlock();
        }
        try {
            if (!finished.await(FAREWELL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the farewell to the master was not done within {} s", FAREWELL_PATIENCE.toSeconds());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            MasterChoice choice = first;
            boolean reported = false;
            Optional<ServerAddress> named = Optional.empty();
            while (pause(choice.waitFirst())) {
                Optional<ServerAddress> newer = takeNewLeader();
                choice = choice.among(watches.masters());
                if (newer.isPresent()) choice = choice.ledBy(newer.get());
                ServerAddress address = choice.address();
                String hindrance = watches.mayNotCall(address);
                if (!hindrance.isEmpty()) {
                    boolean waitsLong = !choice.waitFirst().isZero();
                    choice = choice.failed();
                    if (waitsLong && !reported) LOG.warn("master {} is not called: {}; next is {}", address, hindrance, choice.address());
                    reported |= waitsLong;
                    continue;
                }
                HeartbeatStream stream = open(address);
                if (stream == null) return;
                Ended ended = stream.talk(() -> accepted(address));
                closed();
                if (stream.wasAccepted()) {
                    choice = choice.accepted();
                    reported = false;
                    named = Optional.empty();
                    events.lost(address);
                }
                switch (ended) {
                    case Ended.Stopped _ -> {
                        return;
                    }
                    case Ended.NamedLeader(var leader) -> {
                        // While they elect, each names the one that is gone, many times a second.
                        if (!named.equals(Optional.of(leader))) LOG.info("master {} names {} as leader", address, leader);
                        named = Optional.of(leader);
                        choice = choice.sentTo(leader);
                    }
                    case Ended.DirectoriesTaken(var uuids) -> {
                        choice = choice.duplicate();
                        LOG.error("master {} says that another server serves the directories {}", address, uuids);
                        if (choice.mustStop()) {
                            fatal.accept("another volume server serves the same data directories (" + uuids
                                    + "); stop it, or give this one other directories");
                            return;
                        }
                    }
                    case Ended.Lost(var reason) -> {
                        choice = choice.failed();
                        channels.forget(address);
                        if (!reported) LOG.warn("no master at {}: {}; next is {}", address, reason, choice.address());
                        reported = true;
                    }
                }
            }
        } finally {
            finished.countDown();
        }
    }

    private void accepted(ServerAddress address) {
        LOG.info("announced to master {}", address);
        lock.lock();
        try {
            master = Optional.of(address);
            if (newLeader.filter(address::isSameServer).isPresent()) newLeader = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable HeartbeatStream open(ServerAddress address) {
        lock.lock();
        try {
            if (stopping) return null;
            current = new HeartbeatStream(address, channels, node, snapshots, ticker, events);
            return current;
        } finally {
            lock.unlock();
        }
    }

    private void closed() {
        lock.lock();
        try {
            current = null;
            master = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Optional<ServerAddress> takeNewLeader() {
        lock.lock();
        try {
            Optional<ServerAddress> leader = newLeader;
            newLeader = Optional.empty();
            return leader;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, but not when a new leader is known. False if the loop shall end. */
    private boolean pause(Duration time) {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!stopping && newLeader.isEmpty() && left > 0) left = stopAsked.awaitNanos(left);
            return !stopping;
        } catch (InterruptedException interrupted) {
            return false;
        } finally {
            lock.unlock();
        }
    }
}
