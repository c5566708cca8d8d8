/**
 * Tools that work on the files of a volume while no server serves it: {@code fix}, {@code compact} and {@code export}, one
 * file each. What they do to the files is the business of {@code storage}; here are flags, the lock, progress and output.
 *
 * <p>Start at {@link dev.kelpfs.cli.offline.OfflineDirectory}, which keeps servers out. Source: command line, section 12.2.
 */
@NullMarked
package dev.kelpfs.cli.offline;

import org.jspecify.annotations.NullMarked;
