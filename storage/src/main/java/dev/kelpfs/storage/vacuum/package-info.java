/**
 * Vacuum: new files for a volume without what was overwritten, deleted or has expired, made while the volume is read and
 * written. Start at {@link dev.kelpfs.storage.vacuum.Vacuum}; {@link dev.kelpfs.storage.vacuum.Compaction} is one of
 * them from start to end.
 *
 * <p>The steps. <i>Copy</i>: what was live at the start goes to {@code .cpd} and {@code .cpx} in the order in which it
 * came, is synced, read back and compared; what is left behind must be dead. <i>Catch up</i>: the index rows that
 * came since are followed in rounds, the last one (at most 1 MiB) under the append right. <i>Put in place</i>, still under
 * it: sync, marker {@code .cpc}, rename, rename, and the volume goes on with the new files. Readers finish with the old ones.
 *
 * <p>Rules that hold everywhere here: a record is copied only if its checksum is good; a file gets the name of an old one
 * only after all of it is durable; until then nothing that was there is touched.
 *
 * <p>Source: storage formats, sections 7.1, 11 and 19.
 */
@NullMarked
package dev.kelpfs.storage.vacuum;

import org.jspecify.annotations.NullMarked;
