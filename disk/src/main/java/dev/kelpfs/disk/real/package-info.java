/**
 * The files of this machine. Start at {@link dev.kelpfs.disk.real.RealDisk}.
 *
 * <p>On 64-bit Linux files are descriptors used through the foreign function interface, because only so can a read ask
 * for "what is in memory, or nothing" ({@code preadv2} with {@code RWF_NOWAIT}) and only so does an interrupt of one
 * thread not close the file for all others. Elsewhere, or where native access is not allowed, the same contract is
 * kept with the JDK's own channels, without reads that never block. No downcall here is {@code critical}: each of
 * them may block.
 */
@NullMarked
package dev.kelpfs.disk.real;

import org.jspecify.annotations.NullMarked;
