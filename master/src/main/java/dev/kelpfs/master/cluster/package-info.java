/**
 * Who leads, who this is, and which cluster it is: what the doors tell about the masters. Start at
 * {@link dev.kelpfs.master.cluster.Standing}.
 */
@NullMarked
package dev.kelpfs.master.cluster;

import org.jspecify.annotations.NullMarked;
