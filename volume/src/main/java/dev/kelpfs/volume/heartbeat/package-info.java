/**
 * What the masters are told about this server, and when. The rules are pure: {@link
 * dev.kelpfs.volume.heartbeat.MasterChoice} says which master to call next and after which wait, {@link
 * dev.kelpfs.volume.heartbeat.VolumeListing} what a beat carries. {@link dev.kelpfs.volume.heartbeat.HeartbeatLoop} is
 * the thin shell with the thread and the stream; start there.
 *
 * <p>Source: volume server, section 5; master, section 4.1. Nothing here ever stops the server from serving: without a
 * master it only goes on calling.
 */
@NullMarked
package dev.kelpfs.volume.heartbeat;

import org.jspecify.annotations.NullMarked;
