package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What volumes need from outside.
 *
 * @param diskThreads bounded pool of platform threads for work that may block
 * @param random seeds what must not be foreseeable; safe for use by several threads
 */
public record VolumeContext(Disk disk, InstantSource clock, Executor diskThreads, RandomGenerator random) {}
