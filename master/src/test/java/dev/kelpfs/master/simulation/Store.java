package dev.kelpfs.master.simulation;

import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The disk of a volume server: volumes and the keys in them. Survives every death. */
final class Store {
    private static final long HIGHEST_SIZE = 60L << 20;

    private static final class Volume {
        VolumeInformationMessage info;
        final NavigableSet<Long> keys = new TreeSet<>();

        Volume(VolumeInformationMessage info) {
            this.info = info;
        }
    }

    private final SortedMap<Integer, Volume> volumes = new TreeMap<>();
    private final Set<Integer> lost = new HashSet<>();
    private long largestKey;

    boolean has(int volume) {
        return volumes.containsKey(volume);
    }

    boolean isEmpty(int volume) {
        Volume known = volumes.get(volume);
        return known == null || known.keys.isEmpty();
    }

    void make(VolumeInformationMessage info) {
        volumes.put(info.getId(), new Volume(info));
    }

    void remove(int volume) {
        volumes.remove(volume);
    }

    /** The files of a volume are gone, and nobody is told. */
    void lose(int volume) {
        remove(volume);
        lost.add(volume);
    }

    boolean hasLost(int volume) {
        return lost.contains(volume);
    }

    /** @return false if it does not have the volume, or holds the key already */
    boolean write(int volume, long key, long bytes) {
        Volume known = volumes.get(volume);
        if (known == null || !known.keys.add(key)) return false;
        largestKey = Math.max(largestKey, key);
        known.info = known.info.toBuilder().setSize(Math.min(known.info.getSize() + bytes, 2 * HIGHEST_SIZE))
                .setFileCount(known.keys.size()).build();
        return true;
    }

    boolean holds(int volume, long key) {
        return holdsAny(volume, key, key);
    }

    boolean holdsAny(int volume, long first, long last) {
        Volume known = volumes.get(volume);
        if (known == null) return false;
        Long found = known.keys.ceiling(first);
        return found != null && found <= last;
    }

    VolumeInformationMessage info(int volume) {
        return volumes.get(volume).info;
    }

    List<VolumeInformationMessage> list() {
        List<VolumeInformationMessage> all = new ArrayList<>();
        volumes.values().forEach(volume -> all.add(volume.info));
        return all;
    }

    long largestKey() {
        return largestKey;
    }
}
