/**
 * One volume: its files, how they are opened and repaired, and how needles are found, appended and deleted. Start at
 * {@link dev.kelpfs.storage.volume.Volume}; {@link dev.kelpfs.storage.volume.VolumeOpener} makes one from files.
 *
 * <p>Rules that hold everywhere here: whoever changes a volume's files holds its append right; whoever reads holds a
 * {@link dev.kelpfs.storage.volume.Generation}; a record's index row is written before the append is acknowledged;
 * nothing that an index row names is ever cut.
 *
 * <p>Source: storage formats, sections 3, 4, 8, 9 and 10.
 */
@NullMarked
package dev.kelpfs.storage.volume;

import org.jspecify.annotations.NullMarked;
