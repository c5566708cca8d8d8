package dev.kelpfs.master;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Commands;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.NotCommittedException;
import dev.kelpfs.master.state.ReferenceState;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a cluster its identity when a master starts without one. */
final class Founding {
    private static final Logger LOG = LoggerFactory.getLogger(Founding.class);
    /** Volume ids that the reference may have given out after its last snapshot. */
    private static final int UNSEEN_VOLUME_IDS = 1000;

    private Founding() {}

    /**
     * @param directory {@code <mdir>/m<port>}, where a master of the reference may have left its state
     * @return true if the cluster was founded now, false if it existed before
     */
    static boolean found(StateLog log, Disk disk, Path directory, RandomGenerator random) throws IOException {
        if (!log.read(MasterState::clusterId).isEmpty()) return false;
        Optional<ReferenceState> inherited = ReferenceState.read(disk, directory);
        String clusterId = inherited.map(ReferenceState::clusterId).filter(id -> !id.isEmpty()).orElseGet(() -> randomId(random));
        found(log, clusterId, inherited.map(ReferenceState::highestVolumeId).orElse(0L));
        return true;
    }

    /**
     * @param highest volume ids up to this one were given out by the reference
     * @return true if the cluster was founded now, false if it existed before
     */
    static boolean found(StateLog log, String clusterId, long highest) throws IOException {
        if (!log.read(MasterState::clusterId).isEmpty()) return false;
        // Ids first: a crash in between leaves a cluster without an id, which inherits again at the next start.
        if (highest > 0) {
            commit(log, Commands.reserveVolumeIds(UNSEEN_VOLUME_IDS, highest));
            LOG.info("State of the reference was taken over: cluster {}, volume ids go on above {}",
                    clusterId, highest + UNSEEN_VOLUME_IDS);
        }
        commit(log, Commands.foundCluster(clusterId));
        return true;
    }

    private static void commit(StateLog log, MasterCommand command) throws IOException {
        try {
            Applied applied = log.propose(command).get();
            if (applied instanceof Applied.Refused(var reason)) throw new IOException("the cluster could not be founded: " + reason);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof NotCommittedException refused) {
                throw new IOException("the cluster could not be founded: " + refused.getMessage(), refused);
            }
            throw new IOException("the cluster could not be founded", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while founding the cluster");
        }
    }

    /** A random UUID, version 4. */
    private static String randomId(RandomGenerator random) {
        long high = random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
