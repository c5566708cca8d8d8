package dev.kelpfs.volume.replication;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.client.PeerClient;
import dev.kelpfs.http.client.PeerOutcome;
import dev.kelpfs.http.client.PeerRequest;
import dev.kelpfs.volume.location.Holder;
import dev.kelpfs.volume.location.Located;
import dev.kelpfs.volume.location.VolumeLocations;
import dev.kelpfs.volume.metrics.ReplicationMetrics;
import dev.kelpfs.volume.metrics.ReplicationMetrics.Operation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers with the other copies of this server's volumes. A change is passed to all of them at once; its outcome is
 * known when each has answered or used up its patience. A failure does not undo what others have done: the same request
 * again, to any of the servers, makes the copies equal. Safe for all threads.
 */
public final class Replicas {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

    private final PeerClient client;
    private final VolumeLocations locations;
    private final Supplier<String> self;
    private final Supplier<? extends CharSequence> requestIds;
    private final ReplicaRequests requests;
    private final ReplicationMetrics metrics;
    private final Ticker ticker;

    /**
     * @param self {@code host:port} by which masters know this server
     * @param requestIds ids for requests to peers
     * @param random safe for all threads
     */
    public Replicas(
            PeerClient client, VolumeLocations locations, Supplier<String> self, Supplier<? extends CharSequence> requestIds,
            RandomGenerator random, ReplicationMetrics metrics, Ticker ticker) {
        this.client = client;
        this.locations = locations;
        this.self = self;
        this.requestIds = requestIds;
        this.requests = new ReplicaRequests(random);
        this.metrics = metrics;
        this.ticker = ticker;
    }

    /**
     * The peers of a volume on this server, if that can be said without waiting and they are enough.
     *
     * @param copies how many the volume is to have, this one included
     */
    public Optional<List<String>> peersAtOnce(VolumeId volume, int copies) {
        return locations.known(volume).map(this::others).filter(urls -> urls.size() + 1 >= copies);
    }

    /** The peers of a volume on this server; may block. What was remembered is checked with a master before it is too few. */
    public Peers peers(VolumeId volume, int copies) {
        Peers known = peersAsRemembered(volume, copies);
        if (known instanceof Peers.At) return known;
        locations.forget(volume);
        return peersAsRemembered(volume, copies);
    }

    private Peers peersAsRemembered(VolumeId volume, int copies) {
        return switch (locations.locate(volume)) {
            case Located.At(var holders) -> {
                List<String> urls = others(holders);
                yield urls.size() + 1 >= copies ? new Peers.At(urls) : tooFew(volume, urls, copies);
            }
            case Located.Nowhere _ -> tooFew(volume, List.of(), copies);
            case Located.Unknown(var reason) ->
                new Peers.Lacking("volume " + volume + " has replication copy count " + copies
                        + ", and nobody could say where the other copies are: " + reason);
        };
    }

    private static Peers tooFew(VolumeId volume, List<String> urls, int copies) {
        return new Peers.Lacking("replicating operations [" + (urls.size() + 1) + "] is less than volume " + volume
                + " replication copy count [" + copies + "]; the master knows of it here"
                + (urls.isEmpty() ? " only" : " and on " + String.join(", ", urls))
                + "; write to another volume, or bring back the server that is missing");
    }

    /** Who has a volume that is not on this server; may block. */
    public Peers holders(VolumeId volume) {
        return switch (locations.locate(volume)) {
            case Located.At(var holders) when !others(holders).isEmpty() -> new Peers.At(others(holders));
            case Located.At _, Located.Nowhere _ -> new Peers.Lacking("volume " + volume
                    + " is not on this server, and the master knows no other one with it; ask it for another place to write");
            case Located.Unknown(var reason) ->
                new Peers.Lacking("volume " + volume + " is not on this server, and nobody could say where it is: " + reason);
        };
    }

    private List<String> others(List<Holder> holders) {
        String own = self.get();
        return holders.stream().map(Holder::url).filter(url -> !url.equals(own)).distinct().toList();
    }

    /**
     * Passes a write on. On an event loop the exchanges stay on that loop.
     *
     * @param then told once, on an event loop or this thread; must not block. From then on the data is not touched any more
     */
    public void write(VolumeId volume, CopyOfWrite copy, List<String> peers, Consumer<CopyOutcome> then) {
        pass(volume, Operation.WRITE, requests.write(copy, peers, requestIds.get().toString()),
                answer -> PeerAnswers.whyNotWritten(answer, copy.checksum()), then);
    }

    /** Passes a delete on and waits for the outcome; for virtual threads. */
    public CopyOutcome delete(VolumeId volume, String rawPath, String token, List<String> peers) {
        CompletableFuture<CopyOutcome> outcome = new CompletableFuture<>();
        pass(volume, Operation.DELETE, requests.delete(rawPath, token, peers, requestIds.get().toString()),
                PeerAnswers::whyNotDeleted, outcome::complete);
        return outcome.join();
    }

    private void pass(VolumeId volume, Operation operation, List<PeerRequest> all,
            Function<PeerOutcome.Answered, String> refusal, Consumer<CopyOutcome> then) {
        long begun = ticker.nanos();
        metrics.begun(all.size());
        Tally tally = new Tally(all.size(), outcome -> {
            boolean failed = outcome instanceof CopyOutcome.Failed;
            metrics.ended(operation, !failed, ticker.nanos() - begun);
            if (outcome instanceof CopyOutcome.Failed(var reason)) {
                LOG.warn("a {} of volume {} is not on all its servers: {}", operation.label(), volume, reason);
                locations.forget(volume);
            }
            then.accept(outcome);
        });
        for (PeerRequest request : all) {
            client.send(request, outcome -> tally.add(whatBecame(request.peer(), outcome, operation, refusal)));
        }
    }

    private Tally.Result whatBecame(String peer, PeerOutcome outcome, Operation operation,
            Function<PeerOutcome.Answered, String> refusal) {
        return switch (outcome) {
            case PeerOutcome.Answered answer -> {
                String reason = refusal.apply(answer);
                if (!reason.isEmpty()) metrics.refused(operation);
                yield reason.isEmpty()
                        ? new Tally.Result("", operation == Operation.DELETE ? PeerAnswers.deletedBytes(answer) : 0)
                        : new Tally.Result(peer + " " + reason, 0);
            }
            case PeerOutcome.Failed(var kind, var reason) -> {
                metrics.failed(operation, kind);
                yield new Tally.Result(reason, 0);
            }
        };
    }
}
