/**
 * Load over HTTP on keep-alive connections in a closed loop: each connection sends its next request when the answer to
 * the last one is complete. A {@link dev.kelpfs.benchmarks.load.Workload} says what is asked,
 * a {@link dev.kelpfs.benchmarks.load.LoadGenerator} asks: {@code wrk} where it is installed, else our own.
 */
@NullMarked
package dev.kelpfs.benchmarks.load;

import org.jspecify.annotations.NullMarked;
