package dev.kelpfs.master.growth;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.ids.VolumeIds;
import dev.kelpfs.master.placement.Choice;
import dev.kelpfs.master.placement.PlacementRule;
import dev.kelpfs.master.placement.Spot;
import dev.kelpfs.master.state.NotCommittedException;
import dev.kelpfs.master.topology.LayoutKey;
import dev.kelpfs.master.topology.LiveTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
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
    private static final int MAX_AT_ONCE = 16;
    /** Volumes that were just reported are writable once the registry holds them, which takes a moment. */
    private static final Duration FOR_REGISTRY = Duration.ofSeconds(2);

    private final GrowthSettings settings;
    private final LiveTopology topology;
    private final VolumeIds ids;
    private final VolumeFactory factory;
    private final ServerBackoff backoff;
    private final Supplier<Duration> untilReady;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final ExecutorService threads;
    private final Semaphore makers = new Semaphore(MAX_AT_ONCE);

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
        this.random = random;
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
        Growth growth = new Growth(request);
        synchronized (running) {
            Optional<Growth> same = running.stream().filter(other -> other.request().equals(request)).findAny();
            if (same.isPresent() && !request.byName()) return same.get();
            if (running.size() >= MAX_GROWTHS) {
                return Growth.over(request, new Growth.Result.Failed(MAX_GROWTHS + " layouts grow already; try again in a moment"));
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
        if (settings.disabled()) return;
        if (!hasRoom(request)) grow(request);
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
            boolean stillWanted = request.byName() || !hasRoom(request);
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
        List<List<Spot>> places = new ArrayList<>();
        Choice refusal = null;
        while (places.size() < wanted && refusal == null) {
            Choice choice = topology.reserve(request.key().diskType(), spots -> choose(spots, request));
            if (choice instanceof Choice.Chosen(var servers)) places.add(servers);
            else refusal = choice;
        }
        if (places.isEmpty()) return result(request, refusal);
        String shortfall = refusal == null ? "" : reason(refusal);
        int nextToMake = 0;
        try {
            List<VolumeId> reserved = ids.reserve(places.size());
            List<Future<String>> making = new ArrayList<>();
            while (nextToMake < places.size()) {
                List<Spot> servers = places.get(nextToMake);
                VolumeId id = reserved.get(nextToMake);
                making.add(threads.submit(() -> makeOne(id, servers, request)));
                nextToMake++;
            }
            return collect(making, request.key().replication().copies(), shortfall);
        } finally {
            for (List<Spot> servers : places.subList(nextToMake, places.size())) topology.release(request.key().diskType(), servers);
        }
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

    private static Growth.Result collect(List<Future<String>> making, int copies, String shortfall) throws InterruptedException {
        int made = 0;
        String failure = shortfall;
        for (Future<String> one : making) {
            try {
                String reason = one.get();
                if (reason.isEmpty()) made++;
                else failure = reason;
            } catch (ExecutionException failed) {
                failure = String.valueOf(failed.getCause());
            }
        }
        return made > 0 ? new Growth.Result.Grown(made, made * copies, failure) : new Growth.Result.Failed(failure);
    }

    private Choice choose(List<Spot> spots, GrowthRequest request) {
        return PlacementRule.choose(spots.stream().map(this::asIsNow).toList(), request.wish(), random);
    }

    private Spot asIsNow(Spot spot) {
        if (backoff.reason(spot.nodeId()).isEmpty()) return spot;
        return new Spot(spot.nodeId(), spot.dataCenter(), spot.rack(), spot.host(), 0);
    }

    private Growth.Result result(GrowthRequest request, Choice refusal) {
        if (refusal instanceof Choice.Impossible(var reason)) return new Growth.Result.Impossible(reason);
        for (Spot spot : topology.spots(request.key().diskType())) {
            var failure = backoff.reason(spot.nodeId());
            if (spot.freeSlots() > 0 && failure.isPresent()) return new Growth.Result.Failed(failure.get());
        }
        return new Growth.Result.NoSlots(reason(refusal));
    }

    private static String reason(Choice refusal) {
        return switch (refusal) {
            case Choice.Impossible(var reason) -> reason;
            case Choice.NoSlots(var reason) -> reason;
            case Choice.Chosen _ -> "";
        };
    }
}
