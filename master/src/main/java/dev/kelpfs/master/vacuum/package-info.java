/**
 * Has volumes rewritten without what was deleted: which ones, in which order, how many at once, and when by itself. Start at
 * {@link dev.kelpfs.master.vacuum.Vacuumer}. The copying itself is the business of the volume servers.
 * Source: master, section 9.
 */
@NullMarked
package dev.kelpfs.master.vacuum;

import org.jspecify.annotations.NullMarked;
