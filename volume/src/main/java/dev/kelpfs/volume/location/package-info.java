/**
 * Where volumes lie. A server asks this before it sends a write to the other copies, sends a reader elsewhere, or fetches
 * the pieces of a large file. {@link dev.kelpfs.volume.location.VolumeLocations} is the door; {@link
 * dev.kelpfs.volume.location.CachedLocations} asks the masters and remembers; {@link
 * dev.kelpfs.volume.location.Freshness} is the pure rule for how long.
 */
@NullMarked
package dev.kelpfs.volume.location;

import org.jspecify.annotations.NullMarked;
