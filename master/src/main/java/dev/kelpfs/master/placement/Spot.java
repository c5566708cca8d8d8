package dev.kelpfs.master.placement;

/**
 * A server as a place for copies, seen for one type of disk.
 *
 * @param nodeId names the server; unique
 * @param host servers of one host die together, so they are avoided where there is a choice
 * @param freeSlots volumes that it has room for; 0 or less for none
 * @param hindrance why it takes none now in spite of its room
 */
public record Spot(String nodeId, String dataCenter, String rack, String host, long freeSlots, Hindrance hindrance) {
    /** A server that takes as many volumes as it has room for. */
    public Spot(String nodeId, String dataCenter, String rack, String host, long freeSlots) {
        this(nodeId, dataCenter, rack, host, freeSlots, new Hindrance.None());
    }

    /** Volumes that it takes now; 0 or less for none. */
    public long openSlots() {
        return hindrance instanceof Hindrance.None ? freeSlots : 0;
    }

    boolean isFree() {
        return openSlots() > 0;
    }

    /** True if it has room, and may take volumes again at any moment. */
    boolean mayBecomeFree() {
        return freeSlots > 0 && hindrance.mayPass();
    }
}
