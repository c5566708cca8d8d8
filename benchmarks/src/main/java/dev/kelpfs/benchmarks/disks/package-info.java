/**
 * Disks of measurements: the real one, with one thing done otherwise. Start at
 * {@link dev.kelpfs.benchmarks.disks.PassingDisk}. Add what a measurement needs by overriding one method of
 * {@link dev.kelpfs.benchmarks.disks.PassingFile}.
 */
@NullMarked
package dev.kelpfs.benchmarks.disks;

import org.jspecify.annotations.NullMarked;
