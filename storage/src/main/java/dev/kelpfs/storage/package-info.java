/**
 * Volumes on this machine's disks. Start at {@link dev.kelpfs.storage.Store}, which opens the data directories and hands
 * out {@link dev.kelpfs.storage.volume.Volume}s; records are in {@code needle}, the index in {@code index}.
 *
 * <p>Knows no network, no clock and no file system but those passed in.
 */
@NullMarked
package dev.kelpfs.storage;

import org.jspecify.annotations.NullMarked;
