package dev.kelpfs.master.placement;

/**
 * A server as a place for copies, seen for one type of disk.
 *
 * @param nodeId names the server; unique
 * @param host servers of one host die together, so they are avoided where there is a choice
 * @param freeSlots volumes that it can still take; 0 or less for none
 */
public record Spot(String nodeId, String dataCenter, String rack, String host, long freeSlots) {
    boolean isFree() {
        return freeSlots > 0;
    }
}
