package dev.kelpfs.master.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What one event asks the shell to do: tell clients, have the registry changed, end streams. Filled by the rules. */
final class Effects {
    /** What changed on one server; a volume that went and came again did not change. */
    private static final class Changed {
        final Set<Integer> added = new TreeSet<>(Integer::compareUnsigned);
        final Set<Integer> gone = new TreeSet<>(Integer::compareUnsigned);

        void add(int id) {
            if (!gone.remove(id)) added.add(id);
        }

        void remove(int id) {
            if (!added.remove(id)) gone.add(id);
        }
    }

    private record Ending(BeatStream stream, String reason) {}

    private final Map<Place, Changed> volumes = new LinkedHashMap<>();
    private final Map<Place, Changed> ecVolumes = new LinkedHashMap<>();
    private final Set<String> unregistered = new LinkedHashSet<>();
    private final List<Ending> endings = new ArrayList<>();
    private final List<String> arrivals = new ArrayList<>();
    private boolean changed;

    void appeared(Place place, int volume) {
        volumes.computeIfAbsent(place, unused -> new Changed()).add(volume);
    }

    void vanished(Place place, int volume) {
        volumes.computeIfAbsent(place, unused -> new Changed()).remove(volume);
    }

    void ecAppeared(Place place, int volume) {
        ecVolumes.computeIfAbsent(place, unused -> new Changed()).add(volume);
    }

    void ecVanished(Place place, int volume) {
        ecVolumes.computeIfAbsent(place, unused -> new Changed()).remove(volume);
    }

    /** The registry may no longer say about this server what it should. */
    void registryDiffers(String nodeId) {
        unregistered.add(nodeId);
    }

    /** A server joined that was not there before. */
    void arrived(String nodeId) {
        arrivals.add(nodeId);
    }

    List<String> arrivals() {
        return arrivals;
    }

    void end(BeatStream stream, String reason) {
        endings.add(new Ending(stream, reason));
    }

    /** Somebody who waits for a place to write should look again. */
    void worthAnotherLook() {
        changed = true;
    }

    boolean isWorthAnotherLook() {
        return changed;
    }

    Set<String> unregistered() {
        return unregistered;
    }

    void carryOutEndings() {
        endings.forEach(ending -> ending.stream().close(ending.reason()));
    }

    List<LocationChange> locationChanges() {
        Set<Place> places = new LinkedHashSet<>(volumes.keySet());
        places.addAll(ecVolumes.keySet());
        List<LocationChange> changes = new ArrayList<>();
        for (Place place : places) {
            Changed normal = volumes.getOrDefault(place, new Changed());
            Changed ec = ecVolumes.getOrDefault(place, new Changed());
            LocationChange change = new LocationChange(
                    place, List.copyOf(normal.added), List.copyOf(normal.gone), List.copyOf(ec.added), List.copyOf(ec.gone));
            if (!change.isEmpty()) changes.add(change);
        }
        return changes;
    }
}
