/**
 * The way to volume servers: administration over gRPC, with deadlines, and failures in words. Start at
 * {@link dev.kelpfs.master.servers.VolumeServers}.
 */
@NullMarked
package dev.kelpfs.master.servers;

import org.jspecify.annotations.NullMarked;
