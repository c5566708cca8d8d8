/**
 * Streams from volume servers. A stream is parsed and answered here; what it changes is the business of the topology.
 * Start at {@link dev.kelpfs.master.heartbeat.HeartbeatStreams}. Source: master, section 4.1.
 */
@NullMarked
package dev.kelpfs.master.heartbeat;

import org.jspecify.annotations.NullMarked;
