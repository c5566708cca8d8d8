/**
 * The network of a test: {@link dev.kelpfs.testkit.net.PortPair ports} that nobody else takes, a
 * {@link dev.kelpfs.testkit.net.TcpProxy proxy} that cuts, stalls and drops on command, and
 * {@link dev.kelpfs.testkit.net.NamedNetwork machines} made of names and proxies. Loopback only.
 */
@NullMarked
package dev.kelpfs.testkit.net;

import org.jspecify.annotations.NullMarked;
