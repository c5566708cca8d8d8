/**
 * Which servers take the copies of a volume: a pure rule over what is known and what is free. Start at
 * {@link dev.kelpfs.master.placement.PlacementRule}. A refusal says what is missing and what to do about it.
 * Source: master, sections 6.1 and 6.2.
 */
@NullMarked
package dev.kelpfs.master.placement;

import org.jspecify.annotations.NullMarked;
