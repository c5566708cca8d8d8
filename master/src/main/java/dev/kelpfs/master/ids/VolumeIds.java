package dev.kelpfs.master.ids;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Commands;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.NotCommittedException;
import dev.kelpfs.master.state.StateLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives out volume ids, each committed before it is used. Safe for all threads. */
public final class VolumeIds {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeIds.class);
    private static final int JUMP_IDS = 1000;
    /** Ids above it are not counted on from: there would be no room left to go on. */
    private static final long LARGEST_COUNTED = 0xffff_ffffL - (1 << 20);

    private final StateLog log;
    /** Every id up to here is reserved, or about to be jumped over. */
    private final AtomicLong mark;
    private final Jump jump;
    private volatile boolean sawForeign;

    public VolumeIds(StateLog log) {
        this.log = log;
        this.mark = new AtomicLong(log.read(MasterState::highestVolumeId));
        this.jump = new Jump("Volume ids", log, MasterState::highestVolumeId, floor -> Commands.reserveVolumeIds(JUMP_IDS, floor));
    }

    /**
     * So many ids in a row; waits for the commit.
     *
     * @throws NotCommittedException if it was not committed, or no ids are left
     */
    public List<VolumeId> reserve(int count) throws NotCommittedException, InterruptedException {
        Applied applied;
        try {
            applied = log.propose(Commands.reserveVolumeIds(count, mark.get())).get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof NotCommittedException known) throw known;
            throw new IllegalStateException("the log failed in an unknown way", failed);
        }
        if (applied instanceof Applied.VolumeIdsReserved(long first, int reserved)) {
            mark.accumulateAndGet(first + reserved - 1, Math::max);
            List<VolumeId> ids = new ArrayList<>();
            for (long id = first; id < first + reserved; id++) ids.add(new VolumeId((int) id));
            return ids;
        }
        throw new NotCommittedException(
                applied instanceof Applied.Refused(var reason) ? reason : "volume ids were not reserved: " + applied);
    }

    /** A heartbeat showed this volume id. */
    public void seen(int volumeId) {
        long id = Integer.toUnsignedLong(volumeId);
        long before = mark.get();
        if (id <= before || id > LARGEST_COUNTED) return;
        // A single beat shows many; only the first caller above the mark lets it jump, the rest find it raised.
        if (!mark.compareAndSet(before, id + JUMP_IDS)) {
            seen(volumeId);
            return;
        }
        sawForeign = true;
        LOG.warn("A volume server holds volume {}, above every id that was given out ({}): the state of this master is older than"
                + " the volumes, or they come from another cluster. Ids go on above {}", id, before, id + JUMP_IDS);
        skip(id);
    }

    /** Leaves out so many ids as an unseen server may hold. @param floor at least above this one */
    public void skip(long floor) {
        jump.above(floor);
    }

    /** As {@link FileKeys#seenAreCommitted()}. */
    public boolean seenAreCommitted() throws InterruptedException {
        return jump.reaches(mark.get());
    }

    /** True once a heartbeat brought a volume that this cluster never gave an id to. */
    public boolean sawForeignVolumes() {
        return sawForeign;
    }
}
