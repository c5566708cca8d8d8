/**
 * Commands that begin with {@code cluster.raft.}, one file each: who the masters are, and changes of that. The masters decide;
 * a command only asks the leader and shows the answer. Source: admin shell, section 4; master, section 8.6.
 */
@NullMarked
package dev.kelpfs.shell.raft;

import org.jspecify.annotations.NullMarked;
