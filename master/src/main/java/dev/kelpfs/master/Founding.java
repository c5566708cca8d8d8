package dev.kelpfs.master;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.state.Commands;
import dev.kelpfs.master.state.Commit;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.ReferenceState;
import dev.kelpfs.master.state.StateLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a cluster its identity when a master starts without one. */
final class Founding {
    private static final Logger LOG = LoggerFactory.getLogger(Founding.class);
    /** Volume ids that the reference may have given out after its last snapshot. */
    private static final int UNSEEN_VOLUME_IDS = 1000;
    private static final String FAILURE = "the cluster could not be founded";

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
            Commit.now(log, Commands.reserveVolumeIds(UNSEEN_VOLUME_IDS, highest), FAILURE);
            LOG.info("State of the reference was taken over: cluster {}, volume ids go on above {}",
                    clusterId, highest + UNSEEN_VOLUME_IDS);
        }
        Commit.now(log, Commands.foundCluster(clusterId), FAILURE);
        return true;
    }

    /** A random UUID, version 4. */
    private static String randomId(RandomGenerator random) {
        long high = random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
