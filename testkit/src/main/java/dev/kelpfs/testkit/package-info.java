/**
 * What tests of all rooms share: seeds that are printed, conditions that are awaited, directories that are kept on
 * failure. {@link dev.kelpfs.testkit.net} has ports and a TCP proxy, {@link dev.kelpfs.testkit.process} real processes.
 *
 * <p>{@code /fixtures/storage} on its class path holds volumes that the reference wrote, and what it answered for every file
 * in them; its README says what is where.
 *
 * <p>Start at {@link dev.kelpfs.testkit.Await} and {@link dev.kelpfs.testkit.Seed}. This room knows only {@code core}
 * and is used in test scope (and by the benchmarks), so it may read the real clock and touch real files.
 */
@NullMarked
package dev.kelpfs.testkit;

import org.jspecify.annotations.NullMarked;
