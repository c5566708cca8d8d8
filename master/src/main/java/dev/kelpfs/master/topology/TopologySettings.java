package dev.kelpfs.master.topology;

/**
 * What the rules of the topology depend on.
 *
 * @param sizeLimitBytes a volume of this size is written no more
 * @param crowdedShare share of the limit from which a volume asks for new ones beside it
 * @param replicationIsMinimum a volume with more copies than asked for stays writable
 */
public record TopologySettings(long sizeLimitBytes, double crowdedShare, boolean replicationIsMinimum) {
    long crowdedBytes() {
        return (long) (sizeLimitBytes * crowdedShare);
    }
}
