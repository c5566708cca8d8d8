package dev.kelpfs.client;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.wire.master.VolumeLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which servers hold which volumes, as the leading master tells it over a stream. Each new stream is a <em>generation</em>:
 * its first word about a volume replaces what older ones said; what it does not speak of stays readable for a while, for
 * a master that has just begun does not know everything yet. Bounded. Safe for all threads.
 *
 * <p>Source: master, section 10.2.
 */
final class LocationMap {
    private static final int GENERATIONS_KEPT = 5;

    /** The servers of one volume, and the generation that told them. */
    private record Entry(long generation, List<Location> servers) {}

    private final int mostVolumes;
    // All guarded by this.
    private final Map<Integer, Entry> normal = new HashMap<>();
    private final Map<Integer, Entry> erasureCoded = new HashMap<>();
    private long generation;

    /** @param mostVolumes volumes beyond this number are not remembered */
    LocationMap(int mostVolumes) {
        this.mostVolumes = mostVolumes;
    }

    /** A new stream begins. What generations long gone have told is forgotten. */
    synchronized void begin() {
        generation++;
        long oldest = generation - GENERATIONS_KEPT;
        normal.values().removeIf(entry -> entry.generation < oldest);
        erasureCoded.values().removeIf(entry -> entry.generation < oldest);
    }

    /** The present stream has told everything that its master knew: what older ones told besides is gone. */
    synchronized void complete() {
        normal.values().removeIf(entry -> entry.generation < generation);
        erasureCoded.values().removeIf(entry -> entry.generation < generation);
    }

    /** A message of the present stream. An id that is new and gone in one message is still there. */
    synchronized void apply(VolumeLocation change) {
        Location server = new Location(
                change.getUrl(), change.getPublicUrl().isEmpty() ? change.getUrl() : change.getPublicUrl(),
                change.getGrpcPort(), change.getDataCenter());
        change(normal, server, change.getNewVidsList(), change.getDeletedVidsList());
        change(erasureCoded, server, change.getNewEcVidsList(), change.getDeletedEcVidsList());
    }

    /** Servers of a volume; empty if none is known. What is known of the younger generation wins, then normal volumes. */
    synchronized List<Location> find(VolumeId volume) {
        Entry plain = normal.get(volume.bits());
        Entry coded = erasureCoded.get(volume.bits());
        Entry best = coded != null && (plain == null || coded.generation > plain.generation) ? coded : plain;
        return best == null ? List.of() : best.servers;
    }

    /** What was known of a volume turned out to be wrong. */
    synchronized void forget(VolumeId volume) {
        normal.remove(volume.bits());
        erasureCoded.remove(volume.bits());
    }

    synchronized int size() {
        return normal.size() + erasureCoded.size();
    }

    private void change(Map<Integer, Entry> map, Location server, List<Integer> come, List<Integer> gone) {
        for (int volume : come) add(map, volume, server);
        for (int volume : gone) {
            if (!come.contains(volume)) remove(map, volume, server);
        }
    }

    private void add(Map<Integer, Entry> map, int volume, Location server) {
        Entry before = map.get(volume);
        if (before == null && size() >= mostVolumes) return;
        List<Location> servers = new ArrayList<>();
        if (before != null && before.generation == generation) servers.addAll(without(before.servers, server.url()));
        servers.add(server);
        map.put(volume, new Entry(generation, List.copyOf(servers)));
    }

    private static void remove(Map<Integer, Entry> map, int volume, Location server) {
        @Nullable Entry before = map.get(volume);
        if (before == null) return;
        List<Location> left = without(before.servers, server.url());
        if (left.isEmpty()) map.remove(volume);
        else map.put(volume, new Entry(before.generation, left));
    }

    private static List<Location> without(List<Location> servers, String url) {
        return servers.stream().filter(server -> !server.url().equals(url)).toList();
    }
}
