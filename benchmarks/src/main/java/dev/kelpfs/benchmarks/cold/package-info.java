/**
 * Reads of files that are not in memory: a volume server whose loops ask for what is in memory and leave the disk to other threads,
 * against the same server whose loops read themselves. Start at {@link dev.kelpfs.benchmarks.cold.ColdHarness}.
 */
@NullMarked
package dev.kelpfs.benchmarks.cold;

import org.jspecify.annotations.NullMarked;
