/**
 * Gives out places to write: a writable volume, a key, a cookie. Start at {@link dev.kelpfs.master.assign.Assigner}. What is
 * at hand is given without waiting; otherwise volumes are grown and the asker waits, as long as waiting can help.
 * Source: master, sections 3.3 and 7.
 */
@NullMarked
package dev.kelpfs.master.assign;

import org.jspecify.annotations.NullMarked;
