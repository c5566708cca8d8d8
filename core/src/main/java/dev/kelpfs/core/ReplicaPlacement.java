package dev.kelpfs.core;

/**
 * Where the copies of a volume go: text {@code xyz} asks for x copies in other data centers, y on other racks of the
 * same data center and z on other servers of the same rack, beside the first. One byte on disk: {@code 100x + 10y + z}.
 *
 * <p>Source: storage formats, section 7.2; master, section 6.1.
 */
public record ReplicaPlacement(int otherDataCenters, int otherRacks, int otherServers) {
    /** One copy. */
    public static final ReplicaPlacement SINGLE = new ReplicaPlacement(0, 0, 0);

    public ReplicaPlacement {
        if (otherDataCenters < 0 || otherRacks < 0 || otherRacks > 9 || otherServers < 0 || otherServers > 9
                || byteOf(otherDataCenters, otherRacks, otherServers) > 255) {
            throw new IllegalArgumentException("replication must be three digits of at most 255, got "
                    + otherDataCenters + otherRacks + otherServers);
        }
    }

    /**
     * Parses up to three digits; shorter text is padded with zeros on the left, the empty text is 000.
     *
     * @throws IllegalArgumentException if there are more than three characters, anything but digits, or a value above 255
     */
    public static ReplicaPlacement parse(String text) {
        if (text.length() > 3) throw unexpected(text);
        int[] digits = new int[3];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') throw unexpected(text);
            digits[3 - text.length() + i] = c - '0';
        }
        if (byteOf(digits[0], digits[1], digits[2]) > 255) throw unexpected(text);
        return new ReplicaPlacement(digits[0], digits[1], digits[2]);
    }

    /** Reads the byte of a superblock or message. */
    public static ReplicaPlacement fromByte(int value) {
        int b = value & 0xff;
        return new ReplicaPlacement(b / 100, b / 10 % 10, b % 10);
    }

    public int toByte() {
        return byteOf(otherDataCenters, otherRacks, otherServers);
    }

    /** Number of copies, the first included. */
    public int copies() {
        return otherDataCenters + otherRacks + otherServers + 1;
    }

    @Override
    public String toString() {
        return "" + otherDataCenters + otherRacks + otherServers;
    }

    private static int byteOf(int x, int y, int z) {
        return 100 * x + 10 * y + z;
    }

    private static IllegalArgumentException unexpected(String text) {
        return new IllegalArgumentException("unexpected replication type: " + text
                + "; expected three digits xyz, for example 001 for one more copy on another server of the rack, at most 255");
    }
}
