/**
 * The master: knows which volumes lie where, gives out file ids, and has new volumes made. Start at
 * {@link dev.kelpfs.master.MasterServer}, the one place where the parts are wired together.
 *
 * <p>The parts, from the ground up; each knows only those before it:
 * <ul>
 *   <li>{@code state}: what must never be wrong or forgotten, as commands applied to a deterministic state machine,
 *       and the log that keeps them;
 *   <li>{@code placement}: which servers take the copies of a volume, a pure rule;
 *   <li>{@code topology}: the live picture of servers and volumes, made of heartbeats;
 *   <li>{@code growth}: when volumes are made, how many, and their making;
 *   <li>{@code assign}: keys, cookies and the choice of a volume;
 *   <li>{@code servers}: calls to volume servers; {@code collection}, {@code vacuum}, {@code lock}: what is done with volumes
 *       when somebody says so, or from time to time;
 *   <li>{@code heartbeat}, {@code watch}: streams from volume servers and to clients;
 *   <li>{@code rpc}, {@code web}: the doors. They parse, ask and render, nothing else.
 * </ul>
 */
@NullMarked
package dev.kelpfs.master;

import org.jspecify.annotations.NullMarked;
