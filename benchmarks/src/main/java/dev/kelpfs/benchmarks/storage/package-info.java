/**
 * How fast the storage engine alone is, with real files and no server around it: {@code ./bench storage} prints one table.
 * Start at {@link dev.kelpfs.benchmarks.storage.StorageHarness}.
 */
@NullMarked
package dev.kelpfs.benchmarks.storage;

import org.jspecify.annotations.NullMarked;
