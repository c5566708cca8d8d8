/**
 * The masters' state as a log that several of them keep together, by a consensus library. Start at
 * {@link dev.kelpfs.master.raft.RaftLog}.
 *
 * <p>The library's messages travel over the masters' own gRPC ports
 * ({@link dev.kelpfs.master.raft.RaftDoor}, {@code GrpcTransport}); nothing of the library leaves this package.
 */
@NullMarked
package dev.kelpfs.master.raft;

import org.jspecify.annotations.NullMarked;
