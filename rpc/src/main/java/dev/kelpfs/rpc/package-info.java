/**
 * gRPC at both ends, the same for all servers and for the client: message limits, keep-alive, request ids, reflection,
 * and threads that one process shares. Start at {@link RpcServer} for serving and at {@link RpcChannels} for calling.
 *
 * <p>The numbers are those of the reference (master, section 2), so that either side may be one of its processes.
 * Compiled for Java 17 because the client stands on it; a server passes its virtual threads in.
 */
@NullMarked
package dev.kelpfs.rpc;

import org.jspecify.annotations.NullMarked;
