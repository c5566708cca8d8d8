package dev.kelpfs.master.growth;

import dev.kelpfs.master.placement.Choice;
import dev.kelpfs.master.placement.Hindrance;
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

/** Finds servers for volumes among those that answer: no id is spent on one that cannot be reached. Safe for all threads. */
final class AnsweringServers {
    /** Further choices after some of the chosen servers did not answer. */
    private static final int MAX_MORE_CHOICES = 4;

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
     * @param end why there are no more; the last choice if there are as many as were wanted
     */
    record Placement(List<List<Spot>> places, Choice end) {
        /** Why there are no more places; empty if there are as many as were wanted. */
        String reason() {
            return switch (end) {
                case Choice.Impossible(var reason) -> reason;
                case Choice.NoSlots(var reason) -> reason;
                case Choice.Hindered(var reason) -> reason;
                case Choice.Chosen _ -> "";
            };
        }
    }

    /** Chooses servers for as many volumes, or for as many as can be had. */
    Placement reserve(GrowthRequest request, int volumes) throws InterruptedException {
        List<List<Spot>> places = new ArrayList<>();
        Map<String, String> avoided = new LinkedHashMap<>();
        for (int choices = 0; ; choices++) {
            Choice last = choose(request, volumes, avoided, places);
            Map<String, String> silent = silent(places);
            if (silent.isEmpty()) return new Placement(places, last);
            avoided.putAll(silent);
            List<List<Spot>> bad = places.stream()
                    .filter(servers -> servers.stream().anyMatch(server -> silent.containsKey(server.nodeId()))).toList();
            bad.forEach(servers -> topology.release(request.key().diskType(), servers));
            places.removeAll(bad);
            if (choices == MAX_MORE_CHOICES) return new Placement(places, Choice.Hindered.by(avoided.values()));
        }
    }

    /** Adds places until there are enough. @param volumes at least 1 @return the last choice, a refusal if there are too few */
    private Choice choose(GrowthRequest request, int volumes, Map<String, String> avoided, List<List<Spot>> places) {
        while (true) {
            Choice choice = topology.reserve(request.key().diskType(), spots -> PlacementRule.choose(
                    spots.stream().map(spot -> unlessAvoided(spot, avoided)).toList(), request.wish(), random));
            if (!(choice instanceof Choice.Chosen(var servers))) return choice;
            places.add(servers);
            if (places.size() >= volumes) return choice;
        }
    }

    /** Takes nothing, as far as this request is concerned, if it did not answer it, or failed another one a moment ago. */
    private Spot unlessAvoided(Spot spot, Map<String, String> avoided) {
        if (spot.openSlots() <= 0) return spot;
        Optional<String> failure = Optional.ofNullable(avoided.get(spot.nodeId())).or(() -> backoff.reason(spot.nodeId()));
        if (failure.isEmpty()) return spot;
        // Kept, because the pause may be over before the answer is made up.
        avoided.put(spot.nodeId(), failure.get());
        return new Spot(spot.nodeId(), spot.dataCenter(), spot.rack(), spot.host(), spot.freeSlots(),
                new Hindrance.Unanswering(failure.get()));
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

    /** @return what the task said went wrong, or died of; empty if nothing */
    static String outcome(Future<String> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            return String.valueOf(failed.getCause());
        }
    }
}
