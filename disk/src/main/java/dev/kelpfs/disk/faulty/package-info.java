/**
 * A disk that misbehaves as planned, for proving that what is written survives. Start at
 * {@link dev.kelpfs.disk.faulty.FaultyDisk}.
 *
 * <p>It knows what was synced. After a crash it hands out the disk that the next start would find: after the death of
 * the process everything that was written, after a power loss any legal remainder of what was not synced. Which
 * remainder is a sequence of small choices ({@link dev.kelpfs.disk.faulty.Losses}), drawn at random or walked through
 * one after another, so that every run can be repeated.
 */
@NullMarked
package dev.kelpfs.disk.faulty;

import org.jspecify.annotations.NullMarked;
