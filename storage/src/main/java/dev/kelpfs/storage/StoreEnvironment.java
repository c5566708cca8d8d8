package dev.kelpfs.storage;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What a store needs from outside.
 *
 * @param clock wall time, for what is stored and reported
 * @param ticker monotonic time, for waits
 * @param random safe for use by several threads
 */
public record StoreEnvironment(Disk disk, InstantSource clock, Ticker ticker, RandomGenerator random) {}
