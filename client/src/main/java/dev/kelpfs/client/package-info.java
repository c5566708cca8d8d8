/**
 * Kelp for programs: store, read and delete files by id, against one process or a thousand servers. Start at
 * {@link KelpClient}.
 *
 * <p>The client asks any master it knows for a place to write, follows to the next when one does not answer, remembers
 * where volumes are, and talks HTTP to the volume servers directly. What may be repeated without harm is repeated within
 * bounds ({@link RetryRule}); everything else fails with a {@link KelpException} that says what was asked of whom.
 * Compiled for Java 17; works unchanged against servers of the reference.
 */
@NullMarked
package dev.kelpfs.client;

import org.jspecify.annotations.NullMarked;
