/**
 * The end-to-end harness: {@link dev.kelpfs.benchmarks.harness.Harness} starts a ceiling, a master and a volume server as
 * processes of this machine, puts load on one after the other in rounds, and prints one table of medians. Interleaving
 * makes a noisy machine hurt all of them alike.
 */
@NullMarked
package dev.kelpfs.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
