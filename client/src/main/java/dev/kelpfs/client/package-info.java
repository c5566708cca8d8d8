/**
 * Kelp for programs: store, read and delete files by id, against one process or a thousand servers. Start at
 * {@link KelpClient}; what a file brings along is in {@link NewFile}, where it goes in {@link Placement}, how the client
 * behaves in {@link ClientOptions}.
 *
 * <p>The client asks masters for places to write ({@link MasterCalls}), follows the one that leads so that it knows where
 * volumes are ({@link MasterFollower}, {@link LocationMap}, {@link Locations}), and talks HTTP to the volume servers
 * directly ({@link Uploads}, {@link ChunkedUpload}, {@link Reads}, {@link Deletes}, {@link BatchDeletes}). What may be
 * repeated without harm is repeated within bounds ({@link RetryRule}); everything else fails with a {@link KelpException}
 * that says what was asked of whom. Compiled for Java 17; works unchanged against servers of the reference.
 */
@NullMarked
package dev.kelpfs.client;

import org.jspecify.annotations.NullMarked;
