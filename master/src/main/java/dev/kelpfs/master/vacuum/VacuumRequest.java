package dev.kelpfs.master.vacuum;

import dev.kelpfs.master.topology.VolumeFilter;

/**
 * Which volumes to look at.
 *
 * @param garbageThreshold share of deleted bytes from which a copy is rewritten; with 0 or less every copy is
 * @param volumeId only this one, also if it is read-only; 0 for all
 * @param collection only this one; empty for all
 */
public record VacuumRequest(double garbageThreshold, int volumeId, String collection) {
    public VacuumRequest {
        if (Double.isNaN(garbageThreshold)) throw new IllegalArgumentException("garbageThreshold is not a number");
    }

    VolumeFilter filter() {
        return new VolumeFilter(collection, false, volumeId);
    }

    boolean isForOneVolume() {
        return volumeId != 0;
    }
}
