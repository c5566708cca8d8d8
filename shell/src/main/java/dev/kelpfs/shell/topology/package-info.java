/**
 * The cluster as the master describes it: data centers, racks, servers, disks, volumes. Start at
 * {@link dev.kelpfs.shell.topology.Topology}, which asks for it; the rest are immutable views for printing and for JSON.
 */
@NullMarked
package dev.kelpfs.shell.topology;

import org.jspecify.annotations.NullMarked;
