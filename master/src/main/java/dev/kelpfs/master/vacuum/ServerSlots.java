package dev.kelpfs.master.vacuum;

import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.VolumeView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many volumes each server rewrites at one moment, and sees to it that nobody rewrites a volume twice at the
 * same time. A volume takes one slot on each server that has a copy, all together or none. Safe for all threads.
 */
final class ServerSlots {
    private final int perServer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    // Guarded by lock.
    private final Map<String, Integer> busy = new HashMap<>();
    private final Set<Integer> volumes = new HashSet<>();

    ServerSlots(int perServer) {
        this.perServer = perServer;
    }

    /**
     * Removes from {@code pending} the first volume all of whose servers have a free slot, and takes these slots; waits
     * until there is one. The list is shared by those who wait and touched only here.
     *
     * @return nothing once the list is empty
     */
    Optional<VolumeView> take(List<VolumeView> pending) throws InterruptedException {
        lock.lock();
        try {
            while (!pending.isEmpty()) {
                for (Iterator<VolumeView> each = pending.iterator(); each.hasNext(); ) {
                    VolumeView volume = each.next();
                    if (!fits(volume)) continue;
                    each.remove();
                    volumes.add(volume.id().bits());
                    volume.places().forEach(place -> busy.merge(place.nodeId(), 1, Integer::sum));
                    return Optional.of(volume);
                }
                freed.await();
            }
            freed.signalAll();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Empties a list that others may wait on. @return how many volumes were left in it */
    int giveUp(List<VolumeView> pending) {
        lock.lock();
        try {
            int left = pending.size();
            pending.clear();
            freed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    void release(VolumeView volume) {
        lock.lock();
        try {
            volumes.remove(volume.id().bits());
            volume.places().forEach(place -> busy.computeIfPresent(place.nodeId(), (unused, count) -> count > 1 ? count - 1 : null));
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(VolumeView volume) {
        if (volumes.contains(volume.id().bits())) return false;
        for (Place place : volume.places()) {
            if (busy.getOrDefault(place.nodeId(), 0) >= perServer) return false;
        }
        return true;
    }
}
