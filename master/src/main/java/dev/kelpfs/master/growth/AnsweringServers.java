package dev.kelpfs.master.growth;

import dev.kelpfs.master.placement.Choice;
import dev.kelpfs.master.placement.PlacementRule;
import dev.kelpfs.master.placement.Spot;
import dev.kelpfs.master.topology.LiveTopology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Finds servers for volumes among those that answer: no id is spent on one that cannot be reached. Safe for all threads. */
final class AnsweringServers {
    /** Further choices after some of the chosen servers did not answer. */
    private static final int MAX_MORE_CHOICES = 4;
    /** Silent servers that are named in a reason. */
    private static final int MAX_NAMED = 3;

    private final LiveTopology topology;
    private final VolumeFactory factory;
    private final ServerBackoff backoff;
    private final RandomGenerator random;
    private final ExecutorService threads;

    /** @param random safe for all threads */
    AnsweringServers(LiveTopology topology, VolumeFactory factory, RandomGenerator random, ExecutorService threads) {
        this.topology = topology;
        this.factory = factory;
        this.backoff = factory.backoff();
        this.random = random;
        this.threads = threads;
    }

    /**
     * Servers for volumes.
     *
     * @param places for each volume its servers; a slot is reserved on each, and the caller gives it back
     * @param refusal what the rule of placement last said, if it gave no more
     * @param silence which servers that were needed for more do not answer, and why; empty if that is not the reason
     */
    record Placement(List<List<Spot>> places, Optional<Choice> refusal, String silence) {
        /** Why there are no more places; empty if there are as many as were wanted. */
        String reason() {
            if (!silence.isEmpty() || refusal.isEmpty()) return silence;
            return switch (refusal.get()) {
                case Choice.Impossible(var reason) -> reason;
                case Choice.NoSlots(var reason) -> reason;
                case Choice.Chosen _ -> "";
            };
        }
    }

    /** Chooses servers for as many volumes, or for as many as can be had. */
    Placement reserve(GrowthRequest request, int volumes) throws InterruptedException {
        List<List<Spot>> places = new ArrayList<>();
        Map<String, String> avoided = new LinkedHashMap<>();
        for (int choices = 0; ; choices++) {
            Optional<Choice> refusal = choose(request, volumes, avoided, places);
            Map<String, String> silent = silent(places);
            if (silent.isEmpty()) {
                boolean forSilence = refusal.isPresent() && wouldFit(request, avoided);
                return new Placement(places, refusal, forSilence ? names(avoided) : "");
            }
            avoided.putAll(silent);
            List<List<Spot>> bad = places.stream()
                    .filter(servers -> servers.stream().anyMatch(server -> silent.containsKey(server.nodeId()))).toList();
            bad.forEach(servers -> topology.release(request.key().diskType(), servers));
            places.removeAll(bad);
            if (choices == MAX_MORE_CHOICES) return new Placement(places, refusal, names(avoided));
        }
    }

    /** Adds places until there are enough. @return why there are no more, if there are too few */
    private Optional<Choice> choose(GrowthRequest request, int volumes, Map<String, String> avoided, List<List<Spot>> places) {
        while (places.size() < volumes) {
            Choice choice = topology.reserve(request.key().diskType(), spots -> PlacementRule.choose(
                    spots.stream().map(spot -> unlessAvoided(spot, avoided)).toList(), request.wish(), random));
            if (!(choice instanceof Choice.Chosen(var servers))) return Optional.of(choice);
            places.add(servers);
        }
        return Optional.empty();
    }

    /** Full, as far as this request is concerned, if it did not answer it, or failed another one a moment ago. */
    private Spot unlessAvoided(Spot spot, Map<String, String> avoided) {
        if (spot.freeSlots() <= 0) return spot;
        if (!avoided.containsKey(spot.nodeId())) {
            Optional<String> failure = backoff.reason(spot.nodeId());
            if (failure.isEmpty()) return spot;
            // Kept, because the pause may be over before the answer is made up.
            avoided.put(spot.nodeId(), failure.get());
        }
        return withSlots(spot, 0);
    }

    /** True if there were room for one more volume if the avoided servers answered; each had a slot when it was avoided. */
    private boolean wouldFit(GrowthRequest request, Map<String, String> avoided) {
        List<Spot> spots = topology.spots(request.key().diskType()).stream()
                .map(spot -> avoided.containsKey(spot.nodeId()) ? withSlots(spot, Math.max(1, spot.freeSlots())) : spot).toList();
        return !avoided.isEmpty() && PlacementRule.choose(spots, request.wish(), random) instanceof Choice.Chosen;
    }

    private static Spot withSlots(Spot spot, long freeSlots) {
        return new Spot(spot.nodeId(), spot.dataCenter(), spot.rack(), spot.host(), freeSlots);
    }

    /** The servers that do not answer, with the reasons. */
    private Map<String, String> silent(List<List<Spot>> places) throws InterruptedException {
        Map<String, Future<String>> asked = new LinkedHashMap<>();
        for (List<Spot> servers : places) {
            for (Spot server : servers) {
                asked.computeIfAbsent(server.nodeId(), id -> threads.submit(() -> factory.reach(id)));
            }
        }
        Map<String, String> silent = new LinkedHashMap<>();
        for (Map.Entry<String, Future<String>> one : asked.entrySet()) {
            String reason = outcome(one.getValue());
            if (!reason.isEmpty()) silent.put(one.getKey(), reason);
        }
        return silent;
    }

    private static String names(Map<String, String> avoided) {
        String named = avoided.values().stream().limit(MAX_NAMED).collect(Collectors.joining("; "));
        return avoided.size() > MAX_NAMED ? named + "; and " + (avoided.size() - MAX_NAMED) + " more servers" : named;
    }

    /** @return what the task said went wrong, or died of; empty if nothing */
    static String outcome(Future<String> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            return String.valueOf(failed.getCause());
        }
    }
}
