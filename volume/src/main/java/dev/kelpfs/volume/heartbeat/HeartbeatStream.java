package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.rpc.KelpPeer;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation with one master, from the first full beat to its end. The thread in {@link #talk} does everything;
 * answers and requests of other threads reach it through a bounded queue.
 */
final class HeartbeatStream {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatStream.class);

    /** Both kinds of master expect a beat this often. */
    static final Duration PULSE = Duration.ofSeconds(5);

    /** Every so many pulses the erasure coded shards are listed in full. */
    private static final int PULSES_PER_SHARD_BEAT = 17;

    /** A master that is alive answers the first beat at once. */
    private static final Duration FIRST_ANSWER_PATIENCE = Duration.ofSeconds(5);

    private static final Duration FAREWELL_PATIENCE = Duration.ofSeconds(1);
    private static final int MAX_WAITING_EVENTS = 256;

    /** How a conversation ended. */
    sealed interface Ended {
        /** This server stops. */
        record Stopped() implements Ended {}

        record NamedLeader(ServerAddress leader) implements Ended {}

        record DirectoriesTaken(List<String> uuids) implements Ended {}

        record Lost(String reason) implements Ended {}
    }

    private sealed interface Event {
        record Answer(HeartbeatResponse message) implements Event {}

        record StreamEnded(String reason) implements Event {}

        record VolumesChanged() implements Event {}

        record LeaderKnown(ServerAddress leader) implements Event {}

        record Stop() implements Event {}
    }

    private final ServerAddress address;
    private final RpcChannels channels;
    private final NodeIdentity node;
    private final Supplier<NodeSnapshot> snapshots;
    private final Ticker ticker;
    private final HeartbeatEvents events;
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MAX_WAITING_EVENTS);
    private final AtomicBoolean changeWaits = new AtomicBoolean();

    /** For the thread in {@link #talk} only. */
    private VolumeListing listing = VolumeListing.START;

    private boolean accepted;

    HeartbeatStream(
            ServerAddress address, RpcChannels channels, NodeIdentity node, Supplier<NodeSnapshot> snapshots, Ticker ticker,
            HeartbeatEvents events) {
        this.address = address;
        this.channels = channels;
        this.node = node;
        this.snapshots = snapshots;
        this.ticker = ticker;
        this.events = events;
    }

    /** Asks the talking thread to send what changed. */
    void volumesChanged() {
        if (changeWaits.compareAndSet(false, true) && !waiting.offer(new Event.VolumesChanged())) changeWaits.set(false);
    }

    boolean isWith(ServerAddress master) {
        return address.isSameServer(master);
    }

    /** Another master leads by now. */
    void leaderIs(ServerAddress leader) {
        while (!waiting.offer(new Event.LeaderKnown(leader))) waiting.poll();
    }

    /** This master must not be talked to any more. */
    void refuse(String reason) {
        while (!waiting.offer(new Event.StreamEnded(reason))) waiting.poll();
    }

    /** Asks the talking thread to take leave. */
    void stop() {
        while (!waiting.offer(new Event.Stop())) waiting.poll();
    }

    /** True once the master took this server; for the thread that talked. */
    boolean wasAccepted() {
        return accepted;
    }

    /** Talks until the conversation ends; at most one call. */
    Ended talk(Runnable onAccepted) {
        StreamObserver<Heartbeat> out = SeaweedGrpc.newStub(channels.to(address))
                .withInterceptors(KelpPeer.announced())
                .sendHeartbeat(new Answers());
        Ended ended;
        try {
            ended = talk(out, onAccepted);
        } catch (RuntimeException bug) {
            // A server that falls silent is worse than one that calls again.
            LOG.error("the conversation with master {} failed", address, bug);
            ended = new Ended.Lost("this server failed in it: " + bug.getMessage());
        }
        switch (ended) {
            case Ended.Stopped _ -> farewell(out);
            case Ended.NamedLeader _, Ended.DirectoriesTaken _, Ended.Lost _ ->
                out.onError(Status.CANCELLED.withDescription("this conversation is over").asRuntimeException());
        }
        return ended;
    }

    private Ended talk(StreamObserver<Heartbeat> out, Runnable onAccepted) {
        try {
            sendVolumes(out);
            out.onNext(node.shardBeat());
            long pulses = 0;
            long nextPulse = ticker.nanos() + FIRST_ANSWER_PATIENCE.toNanos();
            while (true) {
                Event event = waiting.poll(Math.max(0, nextPulse - ticker.nanos()), TimeUnit.NANOSECONDS);
                if (event == null) {
                    if (!accepted) {
                        return new Ended.Lost("no answer within " + FIRST_ANSWER_PATIENCE.toSeconds() + " s");
                    }
                    sendVolumes(out);
                    if (++pulses % PULSES_PER_SHARD_BEAT == 0) out.onNext(node.shardBeat());
                    nextPulse = ticker.nanos() + PULSE.toNanos();
                    continue;
                }
                Ended ended = handle(event, out);
                if (ended != null) return ended;
                if (!accepted && event instanceof Event.Answer) {
                    accepted = true;
                    onAccepted.run();
                    nextPulse = ticker.nanos() + PULSE.toNanos();
                }
            }
        } catch (InterruptedException interrupted) {
            return new Ended.Stopped();
        } catch (IllegalStateException alreadyEnded) {
            return new Ended.Lost("the stream ended while a beat was sent");
        }
    }

    private @Nullable Ended handle(Event event, StreamObserver<Heartbeat> out) {
        return switch (event) {
            case Event.Answer(var message) -> handle(message, out);
            case Event.StreamEnded(var reason) -> new Ended.Lost(reason);
            case Event.Stop _ -> new Ended.Stopped();
            case Event.LeaderKnown(var leader) -> new Ended.NamedLeader(leader);
            case Event.VolumesChanged _ -> {
                changeWaits.set(false);
                sendDelta(out);
                yield null;
            }
        };
    }

    private @Nullable Ended handle(HeartbeatResponse answer, StreamObserver<Heartbeat> out) {
        if (answer.getDuplicatedUuidsCount() > 0) return new Ended.DirectoriesTaken(List.copyOf(answer.getDuplicatedUuidsList()));
        if (!answer.getLeader().isEmpty()) {
            ServerAddress leader;
            try {
                leader = ServerAddress.parse(answer.getLeader());
            } catch (IllegalArgumentException noAddress) {
                return new Ended.Lost("it names a leader that is no address: " + noAddress.getMessage());
            }
            if (!leader.isSameServer(address)) return new Ended.NamedLeader(leader);
        }
        if (answer.getVolumeDigestSupported()) listing = listing.withChangesOnly();
        if (answer.getVolumeSizeLimit() != 0) {
            events.settings(answer.getVolumeSizeLimit(), answer.getPreallocate());
        }
        if (answer.getResendFullVolumeList()) {
            listing = listing.withEverything();
            sendVolumes(out);
        }
        return null;
    }

    private void sendVolumes(StreamObserver<Heartbeat> out) {
        VolumeListing.Step step = listing.beat(snapshots.get());
        listing = step.next();
        out.onNext(step.message());
    }

    private void sendDelta(StreamObserver<Heartbeat> out) {
        VolumeListing.Delta delta = listing.delta(node, snapshots.get());
        listing = delta.next();
        if (delta.message().isPresent()) out.onNext(delta.message().get());
        // No volume came or went, so one of them changed, for example to read-only.
        else sendVolumes(out);
    }

    private void farewell(StreamObserver<Heartbeat> out) {
        try {
            out.onNext(node.farewell());
            out.onCompleted();
            long deadline = ticker.nanos() + FAREWELL_PATIENCE.toNanos();
            long left = FAREWELL_PATIENCE.toNanos();
            while (left > 0 && !(waiting.poll(left, TimeUnit.NANOSECONDS) instanceof Event.StreamEnded)) {
                left = deadline - ticker.nanos();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException alreadyEnded) {
            // Nobody is there to take leave of.
            return;
        }
    }

    /** Brings what the master sends to the talking thread; called by gRPC. */
    private final class Answers implements StreamObserver<HeartbeatResponse> {
        @Override
        public void onNext(HeartbeatResponse answer) {
            if (!waiting.offer(new Event.Answer(answer))) end("it sends answers faster than they can be read");
        }

        @Override
        public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            String text = status.getDescription();
            end(text == null ? status.getCode().toString() : text);
        }

        @Override
        public void onCompleted() {
            end("it closed the stream");
        }

        private void end(String reason) {
            while (!waiting.offer(new Event.StreamEnded(reason))) waiting.poll();
        }
    }
}
