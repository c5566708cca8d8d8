package dev.kelpfs.master.ids;

import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Commands;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.StateLog;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out file keys from blocks that the state machine reserved for this process, the next block being fetched while
 * half of the current one is left. Safe for all threads; taking a key neither waits nor locks.
 *
 * <p>Invariant: a block in use lies wholly above every key that any heartbeat had shown when the block was reserved. A
 * heartbeat that shows a key above all that was ever reserved voids the blocks at once and makes the mark jump.
 */
public final class FileKeys {
    /** Keys of one request: enough for any batch, too few to use up keys by mistake. */
    public static final long MAX_COUNT = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(FileKeys.class);
    private static final long BLOCK_KEYS = 100_000;
    /** What an unseen server may have had written since the state was lost. */
    private static final long JUMP_KEYS = 1L << 32;

    /** Keys from {@code next} to {@code last}. */
    private static final class Block {
        static final Block USED_UP = new Block(1, 0);

        final AtomicLong next;
        final long middle;
        final long last;

        Block(long first, long last) {
            this.next = new AtomicLong(first);
            this.middle = first + (last - first) / 2;
            this.last = last;
        }
    }

    private final StateLog log;
    private final Runnable onRefill;
    private final long largestCounted;
    private final Jump jump;
    private final ReentrantLock lock = new ReentrantLock();
    /** Written under the lock. */
    private volatile Block current = Block.USED_UP;
    /** Every key up to here is reserved, or about to be jumped over. Written under the lock. */
    private volatile long mark;

    // Guarded by lock.
    private @Nullable Block standby;
    private boolean fetching;
    private boolean problemLogged;
    private long generation;

    /**
     * @param largestCounted keys above it are not counted on from
     * @param onRefill called when keys have come, on a thread of the log; must be quick
     */
    public FileKeys(StateLog log, long largestCounted, Runnable onRefill) {
        this.log = log;
        this.largestCounted = largestCounted;
        this.onRefill = onRefill;
        this.mark = log.read(MasterState::highestKey);
        this.jump = new Jump("File keys", log, MasterState::highestKey, floor -> Commands.reserveKeys(JUMP_KEYS, floor));
    }

    /** Has the first block fetched. */
    public void start() {
        fetch();
    }

    /**
     * {@code count} keys in a row.
     *
     * @param count 1 to {@link #MAX_COUNT}
     * @return the first, or nothing if none are at hand; then they are being fetched
     */
    public OptionalLong take(long count) {
        if (count < 1 || count > MAX_COUNT) throw new IllegalArgumentException("1 to " + MAX_COUNT + " keys at a time, not " + count);
        while (true) {
            Block block = current;
            long first = block.next.getAndAdd(count);
            long last = first + count - 1;
            if (last <= block.last) {
                if (first <= block.middle && last >= block.middle) fetch();
                return OptionalLong.of(first);
            } else if (!replace(block)) {
                return OptionalLong.empty();
            }
        }
    }

    /** A heartbeat showed this key, as an unsigned number; 0 for none. */
    public void seen(long key) {
        if (key <= mark || key > largestCounted) return;
        lock.lock();
        try {
            if (key <= mark) return;
            LOG.warn("A volume server holds the file key {}, above everything that was given out ({}): the state of this master is"
                    + " older than the volumes, or they come from another cluster. Keys go on {} higher", key, mark, JUMP_KEYS);
            mark = key;
            generation++;
            current = Block.USED_UP;
            standby = null;
            fetching = false;
        } finally {
            lock.unlock();
        }
        skip(key);
    }

    /** Leaves out so many keys as an unseen server may hold. @param floor at least above this one */
    public void skip(long floor) {
        jump.above(floor);
        fetch();
    }

    /**
     * Waits until every key that a heartbeat showed is below the committed mark, so that also the next leader gives out none of
     * them.
     *
     * @return false if that could not be committed now
     */
    public boolean seenAreCommitted() throws InterruptedException {
        return jump.reaches(mark);
    }

    /** Brings the next block into use. */
    private boolean replace(Block used) {
        lock.lock();
        try {
            if (current != used) return true;
            Block next = standby;
            standby = null;
            current = next == null ? Block.USED_UP : next;
            if (next != null) return true;
        } finally {
            lock.unlock();
        }
        fetch();
        return false;
    }

    private void fetch() {
        long mine;
        long floor;
        lock.lock();
        try {
            if (fetching || standby != null) return;
            fetching = true;
            mine = generation;
            floor = mark;
        } finally {
            lock.unlock();
        }
        log.propose(Commands.reserveKeys(BLOCK_KEYS, floor)).whenComplete((applied, failed) -> {
            String problem = failed != null ? String.valueOf(failed.getMessage())
                    : applied instanceof Applied.Refused(var reason) ? reason : "";
            arrived(mine, applied, problem);
        });
    }

    private void arrived(long itsGeneration, @Nullable Applied applied, String problem) {
        lock.lock();
        try {
            // Every request tries again while there are no keys; the log needs to say it once.
            if (!problem.isEmpty() && !problemLogged) LOG.error("No file keys could be reserved: {}", problem);
            problemLogged = !problem.isEmpty();
            if (itsGeneration != generation) return;
            fetching = false;
            if (!(applied instanceof Applied.KeysReserved(long first, long count))) return;
            Block block = new Block(first, first + count - 1);
            mark = Math.max(mark, block.last);
            if (current == Block.USED_UP) current = block;
            else standby = block;
        } finally {
            lock.unlock();
        }
        onRefill.run();
    }
}
