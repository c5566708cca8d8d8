/**
 * The way to the cluster: the master that leads, volume servers, and the lock that keeps two administrators apart. Start at
 * {@link dev.kelpfs.shell.access.Masters}.
 *
 * <p>Source: master, section 4; admin shell, section 2.
 */
@NullMarked
package dev.kelpfs.shell.access;

import org.jspecify.annotations.NullMarked;
