/**
 * Streams to clients that follow where volumes are, and the register of filers and other members that hold one. Start at
 * {@link dev.kelpfs.master.watch.Watchers}. Source: master, section 4.2.
 */
@NullMarked
package dev.kelpfs.master.watch;

import org.jspecify.annotations.NullMarked;
