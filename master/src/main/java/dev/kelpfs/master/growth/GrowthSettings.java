package dev.kelpfs.master.growth;

/**
 * How many volumes are made at a time, and when.
 *
 * @param copy1 logical volumes for one growth of a layout with one copy
 * @param copy2 the same for two copies
 * @param copy3 the same for three copies
 * @param copyOther the same for more copies
 * @param threshold share of the size limit from which a volume is crowded, so that the next ones are made in time
 * @param disabled no volume is made unless somebody asks for it by name
 * @param replicationIsMinimum a volume with more copies than asked for stays writable
 */
public record GrowthSettings(
        int copy1, int copy2, int copy3, int copyOther, double threshold, boolean disabled, boolean replicationIsMinimum) {
    public static final GrowthSettings DEFAULT = new GrowthSettings(7, 6, 3, 1, 0.9, false, false);

    /** More than this many volumes in one growth is a mistake of the asker. */
    public static final int MAX_VOLUMES = 1000;

    public GrowthSettings {
        check(copy1, "copy_1");
        check(copy2, "copy_2");
        check(copy3, "copy_3");
        check(copyOther, "copy_other");
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("master.volume_growth.threshold is a share from 0 to 1, got " + threshold);
        }
    }

    /** Logical volumes that one growth makes for so many copies. */
    public int volumesFor(int copies) {
        return switch (copies) {
            case 1 -> copy1;
            case 2 -> copy2;
            case 3 -> copy3;
            default -> copyOther;
        };
    }

    private static void check(int count, String key) {
        if (count < 1 || count > MAX_VOLUMES) {
            throw new IllegalArgumentException("master.volume_growth." + key + " must be 1 to " + MAX_VOLUMES + ", got " + count);
        }
    }
}
