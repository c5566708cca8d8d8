/**
 * How fast and how small Kelp is, measured against what the machine can do at all.
 *
 * <p>{@link dev.kelpfs.benchmarks.harness} starts real servers and prints one table ({@code ./bench}),
 * {@link dev.kelpfs.benchmarks.load} makes the requests, {@link dev.kelpfs.benchmarks.ceiling} is what they are compared
 * with, {@link dev.kelpfs.benchmarks.jmh} looks at single parts. Nothing of this is part of a server.
 */
@NullMarked
package dev.kelpfs.benchmarks;

import org.jspecify.annotations.NullMarked;
