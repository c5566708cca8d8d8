/**
 * What tests of all rooms share: seeds that are printed, conditions that are awaited, directories that are kept on
 * failure. {@link dev.kelpfs.testkit.net} has ports and a TCP proxy, {@link dev.kelpfs.testkit.process} real processes.
 *
 * <p>Start at {@link dev.kelpfs.testkit.Await} and {@link dev.kelpfs.testkit.Seed}. This room knows only {@code core}
 * and is used in test scope (and by the benchmarks), so it may read the real clock and touch real files.
 */
@NullMarked
package dev.kelpfs.testkit;

import org.jspecify.annotations.NullMarked;
