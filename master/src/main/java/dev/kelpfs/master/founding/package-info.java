/**
 * How several masters become a cluster, and how a master finds the cluster that it belongs to. Start at
 * {@link dev.kelpfs.master.founding.ClusterSearch}, which asks the others;
 * {@link dev.kelpfs.master.founding.FoundingRule} decides what their answers mean, {@code Assembly} which of them founds a new
 * cluster, and {@code Candidacy} keeps what this master has promised.
 */
@NullMarked
package dev.kelpfs.master.founding;

import org.jspecify.annotations.NullMarked;
