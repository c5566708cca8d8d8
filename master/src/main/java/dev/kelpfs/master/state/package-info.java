/**
 * What must never be wrong or forgotten: the cluster's identity, which keys and volume ids are given away, and the
 * registry of volumes on nodes. Start at {@link dev.kelpfs.master.state.MasterState} for the rules, at
 * {@link dev.kelpfs.master.state.StateLog} for how others change it.
 *
 * <p>The state changes by versioned commands only, and applying is deterministic: equal commands in equal order give
 * equal states, byte for byte in a snapshot. {@link dev.kelpfs.master.state.LocalLog} keeps the commands of a single
 * master in files; a replicated log can take its place without its users noticing.
 */
@NullMarked
package dev.kelpfs.master.state;

import org.jspecify.annotations.NullMarked;
