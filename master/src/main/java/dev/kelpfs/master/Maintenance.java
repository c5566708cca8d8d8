package dev.kelpfs.master;

/**
 * Work that a master has done on its own, and what it tells others about it.
 *
 * @param garbageThreshold share of deleted bytes from which a volume is vacuumed, 0 to 1
 * @param parallelVacuumsPerServer at least 1
 * @param scripts shell commands to run from time to time; empty for none
 * @param sleepMinutes pause between two runs of the scripts
 */
public record Maintenance(double garbageThreshold, int parallelVacuumsPerServer, String scripts, int sleepMinutes) {
    public static final Maintenance DEFAULT = new Maintenance(0.3, 1, "", 17);

    public Maintenance {
        if (!(garbageThreshold >= 0 && garbageThreshold <= 1)) {
            throw new IllegalArgumentException("garbageThreshold is a share from 0 to 1, got " + garbageThreshold);
        }
        if (parallelVacuumsPerServer < 1) {
            throw new IllegalArgumentException("maxParallelVacuumPerServer must be at least 1, got " + parallelVacuumsPerServer);
        }
        if (sleepMinutes < 1) throw new IllegalArgumentException("sleep_minutes must be at least 1, got " + sleepMinutes);
    }
}
