/**
 * The most that Netty can answer on this machine: a handler that sends a fixed body from memory and does nothing else. All
 * rates of the table are shares of it, so that they can be compared between machines.
 */
@NullMarked
package dev.kelpfs.benchmarks.ceiling;

import org.jspecify.annotations.NullMarked;
