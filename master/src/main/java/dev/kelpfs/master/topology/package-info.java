/**
 * The live picture of servers and volumes, made of heartbeats: which volumes lie where, and which of them may be
 * written. Start at {@link dev.kelpfs.master.topology.Topology}, the rules: plain objects changed by events, with the time
 * passed in and effects given back. {@link dev.kelpfs.master.topology.LiveTopology} is the shell around them: one lock for
 * changes, and published tables for those who must not wait.
 *
 * <p>Source: master, sections 4.1 and 5.
 */
@NullMarked
package dev.kelpfs.master.topology;

import org.jspecify.annotations.NullMarked;
