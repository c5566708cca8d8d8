/**
 * What both ends of a heartbeat compute over its messages, so that they can tell cheaply whether they mean the same list of
 * volumes. Start at {@link dev.kelpfs.wire.digest.ReportHash}. A change here is a change of the protocol.
 */
@NullMarked
package dev.kelpfs.wire.digest;

import org.jspecify.annotations.NullMarked;
