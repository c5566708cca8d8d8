package dev.kelpfs.storage.volume;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A mounted volume: looks needles up, appends and deletes them. Any thread may call any method; those named
 * {@code try...} and {@link #find} never wait for the disk or for another thread, all others may block.
 */
public final class Volume {
    /** Largest record that is worth appending on a thread that must not block. */
    public static final int INLINE_RECORD_BYTES = 64 * 1024;

    /** About one microsecond: longer only if the holder lost its processor, and then waiting is in vain. */
    private static final int MOST_SPINS = 20;

    private final VolumeContext context;
    private final VolumeFiles files;
    private final RecordVersion version;
    private final Ttl ttl;
    private final ReentrantLock appendRight = new ReentrantLock();
    private final AppendQueue queue;
    private final VolumeHealth health;

    /** Used and replaced under the append right, but for its numbers that any thread may read. */
    private volatile VolumeWriter writer;

    /** Syncs the data file of the current generation. Replaced before it, under the append right. */
    private volatile GroupCommit commit;

    /** Null once unmounted. Written under the append right. */
    private volatile @Nullable Generation current;

    /** Somebody waits for the append right to end a rewrite; who must not wait stands back. */
    private volatile boolean rightWanted;

    private final RewriteRight rewriteRight = new RewriteRight();

    /** Held while marks are made and kept. */
    private final Object stateLock = new Object();
    private volatile ReplicaPlacement placement;
    private volatile VolumeInfo info;

    Volume(
            VolumeContext context,
            VolumeFiles files,
            Generation generation,
            Ttl ttl,
            ReplicaPlacement placement,
            VolumeInfo info,
            VolumeWriter writer,
            ReadOnlyState readOnly) {
        this.context = context;
        this.files = files;
        this.version = generation.version;
        this.ttl = ttl;
        this.placement = placement;
        this.info = info;
        this.writer = writer;
        this.health = new VolumeHealth(files.name().id(), files.dat(), readOnly);
        this.current = generation;
        this.queue = new AppendQueue(appendRight, context.diskThreads());
        this.commit = new GroupCommit(generation.dat, context.diskThreads(), context.ticker());
    }

    public VolumeId id() {
        return files.name().id();
    }

    public CollectionName collection() {
        return files.name().collection();
    }

    public VolumeFiles files() {
        return files;
    }

    public RecordVersion version() {
        return version;
    }

    public Ttl ttl() {
        return ttl;
    }

    public ReplicaPlacement placement() {
        return placement;
    }

    /** Why the volume takes no writes, if it does not. */
    public ReadOnlyState readOnly() {
        return health.state();
    }

    /**
     * True if the volume is not announced: after several device errors in a row, until it is marked writable again; and when
     * its data file has vanished, until it is mounted again.
     */
    public boolean isQuarantined() {
        return readOnly().has(ReadOnlyCause.DEVICE_ERRORS) || readOnly().has(ReadOnlyCause.VANISHED);
    }

    /** Looks whether the data file is still where it was; to be asked now and then. */
    public void checkPresence() {
        if (context.disk().exists(files.dat()) || current == null) return;
        poison(ReadOnlyCause.VANISHED, files.dat() + " is not there any more; mount its disk, or restore it from a copy, then "
                + "restart the server");
    }

    /** The numbers of the volume now; single numbers are exact, together they may be a moment apart. */
    public VolumeNumbers numbers() {
        Generation generation = current;
        VolumeWriter now = writer;
        VolumeCounters counters = now.counters();
        return new VolumeNumbers(now.log().datEnd(), now.log().idxEnd(), counters.puts(), counters.putBytes(),
                counters.deletions(), counters.deletedBytes(), counters.maxKey(),
                now.lastWriteEpochSeconds(), generation == null ? 0 : generation.revision);
    }

    /** Looks a key up. Never blocks. */
    public FindResult find(NeedleKey key) {
        return find(key.bits(), false);
    }

    /** Looks a key up and also finds a deleted needle as long as its bytes are in the file. Never blocks. */
    public FindResult findEvenDeleted(NeedleKey key) {
        return find(key.bits(), true);
    }

    private FindResult find(long keyBits, boolean evenDeleted) {
        Generation generation = acquire();
        if (generation == null) return FindResult.Unmounted.ANSWER;
        long entry = generation.index.find(keyBits);
        boolean readable = IndexEntry.isLive(entry)
                || evenDeleted && entry != IndexEntry.ABSENT && IndexEntry.bodyBytes(entry) != IndexEntry.DELETED_BODY_BYTES;
        if (readable) return new FindResult.Hit(new FoundNeedle(this, generation, keyBits, entry));
        generation.release();
        return entry == IndexEntry.ABSENT ? FindResult.Missing.ANSWER : FindResult.Deleted.ANSWER;
    }

    /**
     * What was appended after a moment, up to now: for copies that follow. After a vacuum of the reference its records lie in
     * the order of their keys; then the stretch begins at the first that is later, and earlier ones may be in it. A
     * volume whose records have no times (versions 1 and 2) gives all of them.
     *
     * @param epochNanos append time in nanoseconds since the epoch; later ones are wanted
     * @return empty if the volume was unmounted meanwhile; close it when its records are copied or sent
     */
    public Optional<AppendedRecords> appendedAfter(long epochNanos) throws IOException {
        while (true) {
            if (current == null) return Optional.empty();
            AppendLog log = log();
            // The row's end first: the record of a row that is counted is written.
            long rows = log.idxEnd() / IndexRow.BYTES;
            long end = log.datEnd();
            Generation generation = log.generation;
            if (!generation.acquire()) continue;
            boolean given = false;
            try {
                AppendTimes times = new AppendTimes(generation, rows);
                long first = version == RecordVersion.V3 ? guarded(() -> times.firstAfter(epochNanos)) : 0;
                long from = guarded(() -> times.startOf(first, end));
                given = true;
                return Optional.of(new AppendedRecords(this, generation, first, rows, from, end));
            } finally {
                if (!given) generation.release();
            }
        }
    }

    private @Nullable Generation acquire() {
        while (true) {
            Generation generation = current;
            if (generation == null || generation.acquire()) return generation;
        }
    }

    /**
     * Appends in this thread if that can be done without waiting: nobody has or awaits the append right, and what has
     * to be read for an overwrite is in memory. The write itself goes to the kernel's memory.
     *
     * @return {@link AppendResult.Busy} if {@link #append} has to do it
     * @throws IOException if the disk failed; nothing is stored then
     */
    public AppendResult tryAppend(NeedleDraft draft) throws IOException {
        if (alwaysSyncs() || rightWanted || queue.isBusy() || !takeRightAtOnce()) return AppendResult.Busy.ANSWER;
        try {
            return appendHolding(draft, false);
        } finally {
            appendRight.unlock();
        }
    }

    /**
     * The append right if it is free, or becomes free in a moment. Whoever gets it not may come again when others have
     * had their turn; waiting here keeps the processor from the holder if that was taken off it.
     */
    private boolean takeRightAtOnce() {
        for (int spins = 0; !appendRight.tryLock(); spins++) {
            if (spins == MOST_SPINS) return false;
            Thread.onSpinWait();
        }
        return true;
    }

    /**
     * Appends on a thread of the disk; this one waits, for the sync too if the durability asks for it.
     *
     * @return {@link AppendResult.Busy} if too many wait already
     * @throws IOException if the disk failed. What an append with {@link Durability#POWER_LOSS} wrote before its sync
     *     failed may still be found later
     */
    public AppendResult append(NeedleDraft draft, Durability durability) throws IOException {
        AppendResult result = queued(() -> appendHolding(draft, true)).orElse(AppendResult.Busy.ANSWER);
        if ((durability == Durability.POWER_LOSS || alwaysSyncs())
                && (result instanceof AppendResult.Stored || result instanceof AppendResult.Unchanged)) sync();
        return result;
    }

    private boolean alwaysSyncs() {
        return context.least() == Durability.POWER_LOSS;
    }

    private AppendResult appendHolding(NeedleDraft draft, boolean mayBlock) throws IOException {
        if (current == null) return AppendResult.Unmounted.ANSWER;
        ReadOnlyState state = health.state();
        if (!state.isWritable()) return new AppendResult.ReadOnly(state.whyNoWrites().orElse(""));
        return changing(() -> writer.append(draft, mayBlock));
    }

    /**
     * Deletes in this thread if that can be done without waiting.
     *
     * @param cookie must match if present
     * @return {@link DeleteResult.Busy} if {@link #delete} has to do it
     * @throws IOException if the disk failed; nothing is deleted then
     */
    public DeleteResult tryDelete(NeedleKey key, Optional<Cookie> cookie) throws IOException {
        if (alwaysSyncs() || rightWanted || queue.isBusy() || !takeRightAtOnce()) return DeleteResult.Busy.ANSWER;
        try {
            return deleteHolding(key, cookie, false);
        } finally {
            appendRight.unlock();
        }
    }

    /**
     * Deletes on a thread of the disk; this one waits.
     *
     * @param cookie must match if present
     * @return {@link DeleteResult.Busy} if too many wait already
     * @throws IOException if the disk failed
     */
    public DeleteResult delete(NeedleKey key, Optional<Cookie> cookie, Durability durability) throws IOException {
        DeleteResult result = queued(() -> deleteHolding(key, cookie, true)).orElse(DeleteResult.Busy.ANSWER);
        // Also when it was gone already: the deletion before may not be durable.
        boolean gone = result instanceof DeleteResult.Deleted || result instanceof DeleteResult.NotFound;
        if ((durability == Durability.POWER_LOSS || alwaysSyncs()) && gone) sync();
        return result;
    }

    private DeleteResult deleteHolding(NeedleKey key, Optional<Cookie> cookie, boolean mayBlock) throws IOException {
        if (current == null) return DeleteResult.Unmounted.ANSWER;
        Optional<String> refusal = health.state().whyNoDeletes();
        if (refusal.isPresent()) return new DeleteResult.ReadOnly(refusal.get());
        return changing(() -> writer.delete(key, cookie, mayBlock));
    }

    private <T> Optional<T> queued(Callable<T> work) throws IOException {
        try {
            return queue.call(work);
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException("work under the append right failed in an unforeseen way", impossible);
        }
    }

    /**
     * Makes everything appended so far survive a power loss, together with what others wait for.
     *
     * @throws IOException if that failed; the volume is read-only from then on, and no sync is tried again
     */
    public void sync() throws IOException {
        Generation generation = acquire();
        if (generation == null) throw new IOException("volume " + id() + " was unmounted before its data were synced");
        try {
            commit.await();
        } catch (IOException failed) {
            poison(ReadOnlyCause.SYNC_FAILED, "a sync of " + files.dat() + " failed: " + failed.getMessage());
            throw failed;
        } finally {
            generation.release();
        }
    }

    /**
     * Marks the volume read-only.
     *
     * @param canDelete deletions stay allowed
     * @param persist the mark outlives a restart
     * @throws IOException if it could not be persisted; it holds for now all the same
     */
    public void markReadOnly(boolean canDelete, boolean persist) throws IOException {
        synchronized (stateLock) {
            ReadOnlyCause cause = canDelete ? ReadOnlyCause.MARKED_CAN_DELETE : ReadOnlyCause.MARKED;
            health.change(state -> state.without(ReadOnlyCause.MARKED).without(ReadOnlyCause.MARKED_CAN_DELETE)
                    .with(cause, "marked read-only"));
            if (persist) saveInfo(info.withReadOnly(true, canDelete, expireAt()));
        }
    }

    /**
     * Takes marks and the quarantine for device errors back. What a check or a failed sync found stays until the volume
     * is opened again.
     *
     * @return what is left
     * @throws IOException if that could not be persisted
     */
    public ReadOnlyState markWritable() throws IOException {
        synchronized (stateLock) {
            if (info.readOnly()) saveInfo(info.withReadOnly(false, false, expireAt()));
            health.deviceWorked();
            return health.change(state -> state.without(ReadOnlyCause.MARKED).without(ReadOnlyCause.MARKED_CAN_DELETE)
                    .without(ReadOnlyCause.DEVICE_ERRORS));
        }
    }

    /** Says whether the disk of the volume has less free space than its minimum. */
    public void diskIsLow(boolean low, String reason) {
        if (low == health.state().has(ReadOnlyCause.DISK_LOW)) return;
        health.change(state -> low ? state.with(ReadOnlyCause.DISK_LOW, reason) : state.without(ReadOnlyCause.DISK_LOW));
    }

    private long expireAt() {
        return ttl.isNone() ? 0 : context.clock().instant().getEpochSecond() + ttl.duration().toSeconds();
    }

    private void saveInfo(VolumeInfo changed) throws IOException {
        VolumeInfoFile.write(context.disk(), files.vif(), changed);
        info = changed;
    }

    /**
     * Takes the volume out of use: a vacuum is stopped, appends that wait are refused, readers finish with the files
     * they hold. With {@code sync} its files are durable afterwards.
     *
     * @throws IOException if the sync failed; the volume is unmounted all the same
     */
    public void unmount(boolean sync) throws IOException {
        // Not under the lock of the right: whoever stops gives it back.
        rewriteRight.close().ifPresent(Rewriter::stop);
        Generation generation = giveUp(_ -> true);
        if (generation == null) return;
        try {
            if (sync && !readOnly().has(ReadOnlyCause.UNWRITABLE) && !readOnly().has(ReadOnlyCause.SYNC_FAILED)) {
                generation.dat.sync();
                generation.idx.sync();
            }
        } finally {
            generation.release();
        }
    }

    /**
     * Unmounts without a sync if the condition holds while no append is under way and no vacuum runs.
     *
     * @return false if it did not; the volume goes on as it was
     */
    public boolean unmountIf(Predicate<VolumeNumbers> condition) {
        if (!rewriteRight.closeIfFree()) return false;
        Generation generation = giveUp(condition);
        if (generation == null) {
            rewriteRight.reopen();
            return false;
        }
        generation.release();
        return true;
    }

    private @Nullable Generation giveUp(Predicate<VolumeNumbers> condition) {
        appendRight.lock();
        try {
            Generation generation = current;
            if (generation == null || !condition.test(numbers())) return null;
            current = null;
            return generation;
        } finally {
            appendRight.unlock();
        }
    }

    /** Who rewrites the volume's files now. */
    public Optional<Rewriter> rewriter() {
        return rewriteRight.holder();
    }

    /** Gives the right to make new files for this volume, until it is closed, to one at a time. */
    public RewriteClaim claimRewrite(Rewriter rewriter) {
        return rewriteRight.claim(
                () -> Optional.ofNullable(acquire()).map(source -> new VolumeRewrite(this, context, source, rewriter)));
    }

    void rewriteEnded() {
        rewriteRight.ended();
    }

    /** Does the work under the append right, before all who wait for it in the queue. */
    <T> T withAppendRight(DiskWork<T> work) throws IOException {
        rightWanted = true;
        appendRight.lock();
        try {
            return work.run();
        } finally {
            rightWanted = false;
            appendRight.unlock();
        }
    }

    /** Where the files end. To be asked under the append right by who needs both to belong together. */
    AppendLog log() {
        return writer.log();
    }

    /** Puts new files that hold the same needles in the place of the old ones. Under the append right. */
    void replace(Generation next, VolumeCounters counters, long datEnd, long idxEnd) {
        Generation before = current;
        if (before == null || !appendRight.isHeldByCurrentThread()) {
            throw new IllegalStateException("the files of " + this + " can be replaced only by who has the append right");
        }
        counters.seen(writer.counters().maxKey());
        writer = writer.onto(new AppendLog(next, datEnd, idxEnd, writer.log().lastEpochNanos()), counters);
        commit = new GroupCommit(next.dat, context.diskThreads(), context.ticker());
        current = next;
        before.release();
    }

    /** A piece of work on the volume's files. */
    @FunctionalInterface
    public interface DiskWork<T> {
        T run() throws IOException;
    }

    /** Does the work and draws the consequences for the volume when the disk fails in it. */
    <T> T guarded(DiskWork<T> work) throws IOException {
        return health.guarded(work);
    }

    /** A change under the append right. What is in the files and did not reach the index must not be followed by more. */
    private <T> T changing(DiskWork<T> work) throws IOException {
        long end = writer.log().datEnd();
        try {
            return guarded(work);
        } catch (RuntimeException | Error brokenOff) {
            if (writer.log().datEnd() != end) {
                poison(ReadOnlyCause.BROKEN_OFF,
                        "a change broke off with " + brokenOff + "; restart the server to have the volume read anew");
            }
            throw brokenOff;
        }
    }

    void deviceWorked() {
        health.deviceWorked();
    }

    void deviceFailed() {
        health.deviceFailed();
    }

    void poison(ReadOnlyCause cause, String reason) {
        health.poison(cause, reason);
    }

    @Override
    public String toString() {
        return "volume " + files.name() + " in " + files.dataDirectory();
    }
}
