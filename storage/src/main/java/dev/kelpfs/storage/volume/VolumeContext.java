package dev.kelpfs.storage.volume;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What volumes need from outside.
 *
 * @param diskThreads bounded pool of platform threads for work that may block
 * @param ticker monotonic time; tells how long a sync takes
 * @param least every append and deletion is at least this durable, whatever is asked for
 * @param random seeds what must not be foreseeable; safe for use by several threads
 */
public record VolumeContext(
        Disk disk, InstantSource clock, Ticker ticker, Executor diskThreads, Durability least, RandomGenerator random) {
    /** With a monotonic time that stands still, for which syncs take no time and are never put off. */
    public VolumeContext(Disk disk, InstantSource clock, Executor diskThreads, RandomGenerator random) {
        this(disk, clock, () -> 0, diskThreads, Durability.PROCESS_DEATH, random);
    }
}
