/**
 * How several masters become a cluster, and how a master finds the cluster that it belongs to. Start at
 * {@link dev.kelpfs.master.founding.ClusterSearch}, which asks the others;
 * {@link dev.kelpfs.master.founding.FoundingRule} decides what their answers mean.
 */
@NullMarked
package dev.kelpfs.master.founding;

import org.jspecify.annotations.NullMarked;
