package dev.kelpfs.client;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.rpc.KelpPeer;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.VolumeLocation;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one stream open to the master that leads and hands what it tells to a {@link LocationMap}. When the stream ends or
 * another master is named, it goes there; when nobody answers, it tries them all again after a pause. One thread of its own.
 *
 * <p>Source: master, sections 4.2 and 10.1.
 */
final class MasterFollower implements AutoCloseable {
    /** How long a master may take to say its first word. */
    private static final Duration FIRST_WORD = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** A master that does not say where its picture ends has sent it by then. */
    private static final Duration WHOLE_PICTURE = Duration.ofSeconds(2);

    private final List<ServerAddress> masters;
    private final RpcChannels channels;
    private final LocationMap map;
    private final KeepConnectedRequest hello;
    private final Ticker ticker;
    private final Thread thread = new Thread(this::run, "kelp-client-follow");
    private volatile boolean closed;
    private volatile @Nullable ServerAddress leader;
    private volatile @Nullable Session session;
    /** Comes last in the next round. */
    private volatile Set<ServerAddress> doubted = Set.of();
    private volatile boolean complete;

    /** @param hello who follows, for the master */
    MasterFollower(
            List<ServerAddress> masters, RpcChannels channels, LocationMap map, KeepConnectedRequest hello, Ticker ticker) {
        this.masters = masters;
        this.channels = channels;
        this.map = map;
        this.hello = hello;
        this.ticker = ticker;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The master that leads as far as is known now. */
    Optional<ServerAddress> leader() {
        return Optional.ofNullable(leader);
    }

    /** True once a leader has told everything that it knew; what is told later are changes. */
    boolean isComplete() {
        Session open = session;
        if (!complete && open != null && open.hasSpokenFor(WHOLE_PICTURE)) complete = true;
        return complete;
    }

    /** A master has not answered for a while: if it is the one that is followed, the others are asked who leads. */
    void doubt(ServerAddress silent) {
        Session open = session;
        if (open == null || !open.master.isSameServer(silent)) return;
        doubted = Set.of(silent);
        leader = null;
        open.cancel();
    }

    @Override
    public void close() {
        closed = true;
        Session open = session;
        if (open != null) open.cancel();
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                MasterRound round = new MasterRound(masters, leader(), doubted);
                doubted = Set.of();
                Optional<ServerAddress> next = round.next();
                while (next.isPresent() && !closed) {
                    follow(next.get()).ifPresent(round::hinted);
                    next = round.next();
                }
                if (!closed) Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Follows one master until the stream ends. @return whom it named as the leader in the end, under another name */
    private Optional<ServerAddress> follow(ServerAddress master) throws InterruptedException {
        channels.to(master).resetConnectBackoff();
        Session open = new Session(master);
        session = open;
        SeaweedGrpc.newStub(channels.to(master)).withInterceptors(KelpPeer.announced()).keepConnected(open).onNext(hello);
        try {
            if (!open.begun.await(FIRST_WORD.toMillis(), TimeUnit.MILLISECONDS)) open.cancel();
            open.over.await();
        } finally {
            open.cancel();
            session = null;
        }
        if (master.equals(leader)) leader = null;
        return Optional.ofNullable(open.named).filter(other -> !other.isSameServer(master));
    }

    /**
     * One stream. A leader's first word names itself, under a name that need not be the one it is known by here, and
     * brings volume servers as soon as there are any; any other master names the leader and ends. An empty message of a leader
     * of Kelp says that all it knew has been said. Callbacks come one at a time.
     */
    private final class Session implements ClientResponseObserver<KeepConnectedRequest, KeepConnectedResponse> {
        private final ServerAddress master;
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile @Nullable ClientCallStreamObserver<KeepConnectedRequest> call;
        private volatile @Nullable ServerAddress named;
        private volatile long firstWordNanos;
        private boolean leads;

        Session(ServerAddress master) {
            this.master = master;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<KeepConnectedRequest> stream) {
            call = stream;
        }

        @Override
        public void onNext(KeepConnectedResponse message) {
            if (message.equals(KeepConnectedResponse.getDefaultInstance())) {
                leads();
                map.complete();
                complete = true;
            }
            if (!message.hasVolumeLocation()) return;
            VolumeLocation location = message.getVolumeLocation();
            if (!location.getLeader().isEmpty()) leaderNamed(location.getLeader());
            if (begun.getCount() > 0) firstWordNanos = ticker.nanos();
            begun.countDown();
            if (location.getUrl().isEmpty()) return;
            leads();
            map.apply(location);
        }

        private void leads() {
            if (leads) return;
            leads = true;
            leader = master;
            map.begin();
        }

        boolean hasSpokenFor(Duration time) {
            return begun.getCount() == 0 && over.getCount() > 0 && ticker.since(firstWordNanos).compareTo(time) > 0;
        }

        private void leaderNamed(String text) {
            ServerAddress before = named;
            try {
                named = ServerAddress.parse(text);
            } catch (IllegalArgumentException nonsense) {
                return;
            }
            if (before != null && !before.equals(named)) cancel();
        }

        void cancel() {
            ClientCallStreamObserver<KeepConnectedRequest> open = call;
            if (open != null) open.cancel("going elsewhere", null);
        }

        @Override
        public void onError(Throwable cut) {
            begun.countDown();
            over.countDown();
        }

        @Override
        public void onCompleted() {
            begun.countDown();
            over.countDown();
        }
    }
}
