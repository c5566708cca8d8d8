package dev.kelpfs.master.topology;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.placement.Wish;
import java.util.List;

/** A volume that may be written, as an assignment sees it. Safe for all threads. */
public final class Target {
    private final VolumeId volume;
    private final List<Place> places;
    private final VolumeLoad load;
    private final long limitBytes;
    private final long crowdedBytes;

    Target(VolumeId volume, List<Place> places, VolumeLoad load, long limitBytes, long crowdedBytes) {
        this.volume = volume;
        this.places = List.copyOf(places);
        this.load = load;
        this.limitBytes = limitBytes;
        this.crowdedBytes = crowdedBytes;
    }

    public VolumeId volume() {
        return volume;
    }

    /** Where the copies are, at least one. */
    public List<Place> places() {
        return places;
    }

    /** Notes that files were promised to a writer. @param hintBytes expected size of one, 0 if unknown */
    public void promise(long files, long hintBytes) {
        load.promise(files, hintBytes, limitBytes);
    }

    /** Bytes it is taken to have room for; 0 or less when it counts as full. */
    public long remainingBytes() {
        return limitBytes - load.estimateBytes();
    }

    /** So full that new volumes should be made in time. */
    public boolean isCrowded() {
        return load.estimateBytes() > crowdedBytes;
    }

    /** True if one of the copies lies where the wish wants its main copy. */
    boolean admits(Wish wish) {
        for (Place place : places) {
            if ((wish.dataCenter().isEmpty() || wish.dataCenter().equals(place.dataCenter()))
                    && (wish.rack().isEmpty() || wish.rack().equals(place.rack()))
                    && (wish.dataNode().isEmpty() || wish.dataNode().equals(place.nodeId()))) {
                return true;
            }
        }
        return false;
    }
}
