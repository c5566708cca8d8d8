/**
 * HTTP/1.1 as a server speaks it to other servers: on the event loops that also serve, over connections that are kept and
 * shared, with a bound on everything. It is made for many short exchanges with few peers; programs that only now and then
 * need an answer are better off with the client of the JDK.
 *
 * <p>Start at {@link dev.kelpfs.http.client.PeerClient}. Inside: {@code LoopPeers} and {@code PeerPool} belong to one event
 * loop and hold its connections, so nothing here is locked; {@code PeerConnection} carries one exchange at a time;
 * {@code PeerExchange} is one exchange, whose answer is collected or streamed.
 */
@NullMarked
package dev.kelpfs.http.client;

import org.jspecify.annotations.NullMarked;
