/**
 * Masters, volume servers and clients on a virtual clock and network. What runs in a master is the real code from the state
 * machine to the gRPC doors ({@link dev.kelpfs.master.MasterParts}); simulated are the clocks, the network, the consensus, the
 * volume servers and the clients. A seed decides everything: what happens, when, and in which order. Start at
 * {@link dev.kelpfs.master.simulation.Simulation}; what must never be broken stands in
 * {@link dev.kelpfs.master.simulation.History}.
 */
@NullMarked
package dev.kelpfs.master.simulation;

import org.jspecify.annotations.NullMarked;
