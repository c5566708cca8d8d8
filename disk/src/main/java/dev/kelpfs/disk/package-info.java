/**
 * The one narrow door through which Kelp reaches files. Start at {@link Disk}.
 *
 * <p>There are three of them behind one contract: the real one, one in memory, and a faulty one for tests that
 * forgets what was not synced, tears writes, fills up and fails on demand. Durability has a name here: what
 * {@link DiskFile#sync()} and {@link Disk#syncDirectory} covered survives a power loss, nothing else does. No other
 * room may open a file by itself; a test holds that.
 */
@NullMarked
package dev.kelpfs.disk;

import org.jspecify.annotations.NullMarked;
