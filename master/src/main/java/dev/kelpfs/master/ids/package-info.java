/**
 * File keys and volume ids: given out from ranges that the state machine has reserved, never twice. What heartbeats show
 * above the reserved marks (state restored from a backup, volumes of another cluster) makes the marks jump first. Start at
 * {@link dev.kelpfs.master.ids.FileKeys}.
 */
@NullMarked
package dev.kelpfs.master.ids;

import org.jspecify.annotations.NullMarked;
