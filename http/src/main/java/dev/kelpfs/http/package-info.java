/**
 * The HTTP/1.1 server that all servers of Kelp share. It knows requests, replies, bodies, limits and timeouts, and no
 * file system.
 *
 * <p>Start at {@link dev.kelpfs.http.HttpServer} (listen), {@link dev.kelpfs.http.Routes} (who answers what) and
 * {@link dev.kelpfs.http.Exchange} (one request and its answer). A handler runs on the event loop and must not wait
 * there; one that must wait says so with {@link dev.kelpfs.http.LoopHandler#blocking}, and gets a virtual thread.
 *
 * <p>Inside: {@code RequestDecoder} turns bytes into requests one at a time, {@code Connection} is the state machine of
 * one connection and lives on one event loop, {@code HeadEncoder} writes heads, {@code BodyQueue} and
 * {@code ReplyStream} are the two bounded windows between an event loop and a virtual thread, {@code Patience} says who
 * has waited too long. Netty types appear in the public door only as buffers,
 * headers and methods, and as the event loops that {@code dev.kelpfs.http.client} shares.
 *
 * <p>Sources: volume server, sections 3.1, 3.2, 3.5 and 3.10; master, section 3.1.
 */
@NullMarked
package dev.kelpfs.http;

import org.jspecify.annotations.NullMarked;
