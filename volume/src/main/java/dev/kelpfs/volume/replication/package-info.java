/**
 * Keeps the copies of a volume equal: what was written or deleted here is passed on to the other servers that hold the
 * volume, to all at once, and a change is acknowledged when all have it. {@link dev.kelpfs.volume.replication.Replicas} is
 * the door; {@link dev.kelpfs.volume.replication.PeerAnswers} the pure rule for what counts as done.
 *
 * <p>Source: volume server, section 3.13.
 */
@NullMarked
package dev.kelpfs.volume.replication;

import org.jspecify.annotations.NullMarked;
