/**
 * The sub-command {@code benchmark}: a write and a read load like the reference's, with the reference's report. Start at
 * {@link dev.kelpfs.cli.benchmark.BenchmarkCommand}. Source: command line, section 11.
 */
@NullMarked
package dev.kelpfs.cli.benchmark;

import org.jspecify.annotations.NullMarked;
