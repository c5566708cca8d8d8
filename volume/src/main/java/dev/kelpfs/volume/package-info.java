/**
 * The volume server: it keeps files in the volumes of one machine and serves them over HTTP and gRPC.
 *
 * <p>Start at {@link dev.kelpfs.volume.VolumeServer}, which wires the parts of one server together; what it is told
 * stands in {@link dev.kelpfs.volume.VolumeServerConfig}, the world around it (clocks, disk, threads) in
 * {@link dev.kelpfs.volume.VolumeServerEnvironment}. The packages below each hold one subject: {@code file} (URLs of
 * files and the three things done to them), {@code heartbeat} (what the master is told), {@code administration}
 * (gRPC), {@code guard} (who may), {@code status} (what people and probes see).
 *
 * <p>This room knows HTTP, gRPC and the store; how bytes lie on disk is the storage room's affair.
 */
@NullMarked
package dev.kelpfs.volume;

import org.jspecify.annotations.NullMarked;
