/**
 * Named leases by which administrators keep out of each other's way. Start at {@link dev.kelpfs.master.lock.AdminLocks}.
 * Source: master, section 4.5.
 */
@NullMarked
package dev.kelpfs.master.lock;

import org.jspecify.annotations.NullMarked;
