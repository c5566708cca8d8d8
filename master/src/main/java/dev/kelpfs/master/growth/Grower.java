package dev.kelpfs.master.growth;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.ids.VolumeIds;
import dev.kelpfs.master.placement.Choice;
import dev.kelpfs.master.placement.Spot;
import dev.kelpfs.master.state.NotCommittedException;
import dev.kelpfs.master.topology.LayoutKey;
import dev.kelpfs.master.topology.LiveTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has volumes made. Growths of different layouts run side by side, each on a thread of its own; equal requests share one.
 * Safe for all threads.
 */
public final class Grower {
    private static final Logger LOG = LoggerFactory.getLogger(Grower.class);
    private static final int MAX_GROWTHS = 64;
    /** Volumes of all growths that are being made at one moment. */
    private static final int MAX_AT_ONCE = 64;
    /** Tries with other servers after some failed. */
    private static final int MAX_ROUNDS = 4;
    private static final Duration FUTILE_PAUSE = Duration.ofSeconds(10);
    private static final int MAX_FUTILE = 10_000;
    /** Volumes that were just reported are writable once the registry holds them, which takes a moment. */
    private static final Duration FOR_REGISTRY = Duration.ofSeconds(2);

    private final GrowthSettings settings;
    private final LiveTopology topology;
    private final VolumeIds ids;
    private final VolumeFactory factory;
    private final ServerBackoff backoff;
    private final AnsweringServers servers;
    private final Supplier<Duration> untilReady;
    private final Ticker ticker;
    private final ExecutorService threads;
    private final Semaphore makers = new Semaphore(MAX_AT_ONCE);

    /** When growth of a layout last made nothing. */
    private final Map<LayoutKey, Long> futile = new ConcurrentHashMap<>();

    /** Growths under way. Guarded by itself. */
    private final List<Growth> running = new ArrayList<>();

    /**
     * @param untilReady how long to wait before the picture is complete enough to decide; asked again afterwards
     * @param random safe for all threads
     * @param threads may hold many blocked tasks
     */
    public Grower(
            GrowthSettings settings, LiveTopology topology, VolumeIds ids, VolumeFactory factory, Supplier<Duration> untilReady,
            Ticker ticker, RandomGenerator random, ExecutorService threads) {
        this.settings = settings;
        this.topology = topology;
        this.ids = ids;
        this.factory = factory;
        this.backoff = factory.backoff();
        this.untilReady = untilReady;
        this.ticker = ticker;
        this.servers = new AnsweringServers(topology, factory, random, threads);
        this.threads = threads;
    }

    /** True if volumes are only made for those who ask for growth by name. */
    public boolean isDisabled() {
        return settings.disabled();
    }

    /** A growth under way that may bring what is asked for: for the same wish if there is one, else for the same layout. */
    public Optional<Growth> underWay(GrowthRequest request) {
        synchronized (running) {
            return running.stream()
                    .filter(growth -> growth.request().key().equals(request.key()))
                    .max(Comparator.comparing(growth -> growth.request().wish().equals(request.wish())));
        }
    }

    /** Begins a growth, or joins the one under way for the same request; one asked for by name is never shared. */
    public Growth grow(GrowthRequest request) {
        Growth growth = new Growth(request, ticker);
        synchronized (running) {
            Optional<Growth> same = running.stream().filter(other -> other.request().equals(request)).findAny();
            if (same.isPresent() && !request.evenIfRoom()) return same.get();
            if (running.size() >= MAX_GROWTHS) {
                return Growth.over(request, new Growth.Result.Failed(MAX_GROWTHS + " layouts grow already; try again in a moment"), ticker);
            }
            running.add(growth);
        }
        try {
            threads.execute(() -> run(growth));
        } catch (RejectedExecutionException stopping) {
            end(growth, new Growth.Result.Failed("this master is stopping"));
        }
        return growth;
    }

    /** Begins a growth if all writable volumes of the layout are crowded; for those who just wrote to one that is. */
    public void growAheadOfNeed(GrowthRequest request) {
        if (settings.disabled() || hasRoom(request) || wasFutile(request.key())) return;
        grow(request);
    }

    /** Growth that made nothing a moment ago would make nothing now; those who have room left do not insist. */
    private boolean wasFutile(LayoutKey key) {
        Long since = futile.get(key);
        return since != null && ticker.nanos() - since < FUTILE_PAUSE.toNanos();
    }

    /** A server that came anew gets a new chance. */
    public void forgive(String nodeId) {
        backoff.succeeded(nodeId);
    }

    /** A volume that fits the wish and is far from full; then nothing needs to be made. */
    private boolean hasRoom(GrowthRequest request) {
        return topology.writable(request.key()).hasRoom(request.wish());
    }

    private void run(Growth growth) {
        GrowthRequest request = growth.request();
        Growth.Result result;
        try {
            topology.wanted(request.key());
            waitUntilReady(request.key());
            boolean stillWanted = request.evenIfRoom() || !hasRoom(request);
            result = stillWanted ? make(request) : new Growth.Result.Grown(0, 0, "");
        } catch (NotCommittedException refused) {
            result = new Growth.Result.Failed("no volume id could be reserved: " + refused.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            result = new Growth.Result.Failed("this master is stopping");
        } catch (RuntimeException bug) {
            LOG.error("Growth of {} failed", request, bug);
            result = new Growth.Result.Failed("internal error; the master's log says more");
        }
        end(growth, result);
    }

    private void end(Growth growth, Growth.Result result) {
        GrowthRequest request = growth.request();
        synchronized (running) {
            running.remove(growth);
        }
        noteFutility(request.key(), result);
        growth.end(result);
        topology.change().advance();
        switch (result) {
            case Growth.Result.Grown(int volumes, int replicas, String shortfall) -> {
                if (volumes > 0) LOG.info("Made {} volumes in {} copies for {}{}", volumes, replicas, request.key().describe(),
                        shortfall.isEmpty() ? "" : "; no more, because " + shortfall);
            }
            case Growth.Result.Failed(var reason) -> LOG.warn("Made no volume for {}: {}", request.key().describe(), reason);
            case Growth.Result.Impossible(var reason) -> LOG.info("Made no volume for {}: {}", request.key().describe(), reason);
            case Growth.Result.NoSlots(var reason) -> LOG.info("Made no volume for {}: {}", request.key().describe(), reason);
            case Growth.Result.Running() -> throw new IllegalArgumentException("a growth cannot end running");
        }
    }

    private void noteFutility(LayoutKey key, Growth.Result result) {
        if (result instanceof Growth.Result.Grown) {
            futile.remove(key);
        } else {
            if (futile.size() >= MAX_FUTILE) futile.clear();
            futile.put(key, ticker.nanos());
        }
    }

    private void waitUntilReady(LayoutKey key) throws InterruptedException {
        Duration wait = untilReady.get();
        while (!wait.isZero()) {
            long seen = topology.change().version();
            topology.change().await(seen, wait.toNanos());
            wait = untilReady.get();
        }
        long begun = ticker.nanos();
        long seen = topology.change().version();
        while (topology.awaitsRegistry(key) && ticker.since(begun).compareTo(FOR_REGISTRY) < 0) {
            topology.change().await(seen, FOR_REGISTRY.toNanos());
            seen = topology.change().version();
        }
    }

    private Growth.Result make(GrowthRequest request) throws NotCommittedException, InterruptedException {
        int wanted = request.volumes() > 0 ? request.volumes() : settings.volumesFor(request.key().replication().copies());
        int copies = request.key().replication().copies();
        int made = 0;
        String shortfall = "";
        for (int round = 0; round < MAX_ROUNDS && made < wanted; round++) {
            AnsweringServers.Placement placement = servers.reserve(request, wanted - made);
            if (placement.places().isEmpty()) {
                // What kept the last round from success says more than that no other servers are left.
                if (made == 0 && shortfall.isEmpty()) return result(placement);
                break;
            }
            Round outcome = makeAll(request, placement.places());
            made += outcome.made;
            shortfall = !outcome.failure.isEmpty() ? outcome.failure : placement.reason();
            if (outcome.failure.isEmpty()) break;
        }
        if (made == 0) return new Growth.Result.Failed(shortfall);
        return new Growth.Result.Grown(made, made * copies, made < wanted ? shortfall : "");
    }

    /** What came of volumes that were tried. @param failure why not all of them; empty if all */
    private record Round(int made, String failure) {}

    private Round makeAll(GrowthRequest request, List<List<Spot>> places) throws NotCommittedException, InterruptedException {
        int nextToMake = 0;
        List<Future<String>> making = new ArrayList<>();
        try {
            List<VolumeId> reserved = ids.reserve(places.size());
            while (nextToMake < places.size()) {
                List<Spot> servers = places.get(nextToMake);
                VolumeId id = reserved.get(nextToMake);
                making.add(threads.submit(() -> makeOne(id, servers, request)));
                nextToMake++;
            }
        } finally {
            for (List<Spot> servers : places.subList(nextToMake, places.size())) topology.release(request.key().diskType(), servers);
        }
        int made = 0;
        String failure = "";
        for (Future<String> one : making) {
            String reason = AnsweringServers.outcome(one);
            if (reason.isEmpty()) made++;
            else failure = reason;
        }
        return new Round(made, failure);
    }

    /** @return why it failed; empty if it did not */
    private String makeOne(VolumeId id, List<Spot> servers, GrowthRequest request) throws InterruptedException {
        try {
            makers.acquire();
            try {
                return factory.make(id, servers.stream().map(Spot::nodeId).toList(), request);
            } finally {
                makers.release();
            }
        } finally {
            topology.release(request.key().diskType(), servers);
        }
    }

    private static Growth.Result result(AnsweringServers.Placement nowhere) {
        return switch (nowhere.end()) {
            case Choice.Impossible(var reason) -> new Growth.Result.Impossible(reason);
            case Choice.NoSlots(var reason) -> new Growth.Result.NoSlots(reason);
            // Silence may end at any moment, so it is no final answer.
            case Choice.Hindered(var reason) -> new Growth.Result.Failed(reason);
            case Choice.Chosen _ -> throw new IllegalArgumentException("servers were chosen, but there are none");
        };
    }
}
