/**
 * What a master does that does not lead: it knows who does, has what needs the leader answered there, keeps such requests for
 * a moment while there is no leader, and looks volumes up in the registry. Start at
 * {@link dev.kelpfs.master.follow.LeaderWatch}.
 */
@NullMarked
package dev.kelpfs.master.follow;

import org.jspecify.annotations.NullMarked;
