package dev.kelpfs.storage.vacuum;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.DiskSpace;
import dev.kelpfs.storage.volume.ReadOnlyCause;
import dev.kelpfs.storage.volume.Rewriter;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeRewrite;
import dev.kelpfs.storage.volume.VolumeRewrite.Ends;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One vacuum of one volume: its copy, its commit, its end. Any thread may call any method. */
final class Compaction implements Rewriter {
    /** Most that is followed while nobody can write. */
    static final long LAST_ROUND_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    /** So much may be left to sync while nobody can write. */
    private static final long LAST_SYNC_BYTES = 8 << 20;
    private static final int MOST_ROUNDS = 500;

    private enum Phase { COMPACTING, READY, COMMITTING, ENDED }

    private final CompactOptions options;
    private final CompactObserver observer;
    private final Ticker ticker;
    private final Pause pause;

    /** Guarded by this. */
    private Phase phase = Phase.COMPACTING;

    /** Set by any thread, never taken back. */
    private volatile boolean stopRequested;

    /** Used by the thread that has brought the phase about. */
    private @Nullable Work work;

    Compaction(CompactOptions options, CompactObserver observer, Ticker ticker, Pause pause) {
        this.options = options;
        this.observer = observer;
        this.ticker = ticker;
        this.pause = pause;
    }

    /** What the compaction works with. */
    private static final class Work {
        final VolumeRewrite rewrite;
        final FileSwap swap;
        @Nullable NewFiles made;
        @Nullable CatchUp catchUp;
        /** The new files must keep their names, whatever happens. */
        boolean namesSettled;

        Work(VolumeRewrite rewrite) {
            this.rewrite = rewrite;
            this.swap = new FileSwap(rewrite);
        }
    }

    /** Compacts; to be called once. */
    CompactResult compact(VolumeRewrite rewrite) throws IOException {
        Work mine = new Work(rewrite);
        work = mine;
        boolean ready = false;
        try {
            CompactResult result = copy(mine);
            ready = result instanceof CompactResult.Compacted && becomesReady();
            return ready || !(result instanceof CompactResult.Compacted) ? result : new CompactResult.Cancelled();
        } catch (StoppedException stopped) {
            return new CompactResult.Cancelled();
        } catch (UnreadableRecordException damaged) {
            return new CompactResult.Unreadable(damaged.keyBits(), String.valueOf(damaged.getMessage()));
        } catch (DiskFullException full) {
            return new CompactResult.NoSpace(String.valueOf(full.getMessage()));
        } finally {
            if (!ready) end(mine);
        }
    }

    private CompactResult copy(Work mine) throws IOException {
        VolumeRewrite rewrite = mine.rewrite;
        checkStopped();
        mine.swap.removeLeftovers();
        Ends start = rewrite.ends();
        LiveRecords.Sum live = LiveRecords.sum(rewrite.index(), start.datEnd(), rewrite.version());
        Optional<String> tooSmall = lacksSpace(rewrite, start);
        if (tooSmall.isPresent()) return new CompactResult.NoSpace(tooSmall.get());
        NewFiles made = NewFiles.create(rewrite, live.bytes(), options.preallocateBytes());
        mine.made = made;
        RecordSource source = new RecordSource(rewrite.dat(), rewrite.files().dat(), rewrite.version(),
                start.datEnd());
        RecordCopier copier = new RecordCopier(source, made);
        ByteRate rate = rate();
        // In a damaged volume, which nobody writes, also what lies behind the end by its rows: it is gone, and that is told.
        long liveEnd = rewrite.volume().readOnly().has(ReadOnlyCause.DAMAGED) ? Long.MAX_VALUE : start.datEnd();
        LiveCopy copy = new LiveCopy(rewrite, copier, made.index(), start, liveEnd, options.dropUnreadable());
        copy.run(rate, observer, this::checkStopped);
        made.sync();
        mine.swap.syncNames();
        new CopyCheck(rewrite, made, rate, this::checkStopped).run(liveEnd, copy.leftOut());
        mine.catchUp = new CatchUp(rewrite, source, copier, made, start);
        LOG.info("{}: copied {} needles from {} to {} bytes, left out {} expired and {} unreadable ones", rewrite.volume(),
                copy.copied(), start.datEnd(), made.ends().datEnd(), copy.expired(), copy.dropped());
        return new CompactResult.Compacted(copy.copied(), copy.expired(), copy.dropped(), made.ends().datEnd());
    }

    private Optional<String> lacksSpace(VolumeRewrite rewrite, Ends start) throws IOException {
        DiskSpace space = rewrite.disk().space(rewrite.files().dataDirectory());
        long needed = Math.max(options.preallocateBytes(), start.datEnd() + start.idxEnd());
        if (space.freeBytes() >= needed) return Optional.empty();
        return Optional.of("a vacuum of " + rewrite.volume() + " needs " + needed + " bytes free, there are "
                + space.freeBytes() + "; free some, or move volumes elsewhere");
    }

    private ByteRate rate() {
        return new ByteRate(options.bytesPerSecond(), ticker, pause, this::checkStopped);
    }

    private void checkStopped() throws StoppedException {
        if (stopRequested || observer.isCancelled()) throw new StoppedException();
    }

    private void checkUnmounting() throws StoppedException {
        if (stopRequested) throw new StoppedException();
    }

    /** Puts the files in place, if they are ready. */
    CommitResult commit() throws IOException {
        Work mine;
        synchronized (this) {
            mine = work;
            if (phase == Phase.ENDED || mine == null) return Vacuum.NOTHING_COMPACTED;
            if (phase != Phase.READY) return new CommitResult.StillRunning();
            phase = Phase.COMMITTING;
        }
        boolean kept = false;
        try {
            CommitResult result = commit(mine);
            boolean again = result instanceof CommitResult.Outpaced || result instanceof CommitResult.Refused;
            kept = again && becomesReady();
            return result;
        } catch (StoppedException stopped) {
            return new CommitResult.Refused(mine.rewrite.volume() + " is about to be unmounted");
        } catch (UnreadableRecordException damaged) {
            return new CommitResult.Unreadable(damaged.keyBits(), String.valueOf(damaged.getMessage()));
        } catch (DiskFullException full) {
            return new CommitResult.NoSpace(String.valueOf(full.getMessage()));
        } catch (HalfDoneException half) {
            mine.namesSettled = true;
            throw half;
        } finally {
            if (!kept) end(mine);
        }
    }

    private CommitResult commit(Work mine) throws IOException {
        NewFiles made = mine.made;
        CatchUp catchUp = mine.catchUp;
        if (made == null || catchUp == null) throw new IllegalStateException("a commit without compacted files");
        if (!made.areThere()) {
            return new CommitResult.NothingCompacted("compact swap aborted: missing .cpd/.cpx of " + mine.rewrite.volume());
        }
        ByteRate bounded = new ByteRate(options.bytesPerSecond(), ticker, pause, this::checkUnmounting);
        ByteRate hurried = new ByteRate(0, ticker, pause, this::checkUnmounting);
        long gapBefore = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            checkUnmounting();
            Ends now = mine.rewrite.ends();
            long gap = catchUp.gapBytes(now);
            if (gap > LAST_ROUND_BYTES) {
                // Who does not gain on the writers at the bounded rate would never arrive.
                catchUp.round(now, gap > gapBefore / 2 ? hurried : bounded);
                gapBefore = gap;
            }
            if (made.unsyncedBytes() > LAST_SYNC_BYTES) made.sync();
            if (gap > LAST_ROUND_BYTES) continue;
            Optional<CommitResult> result = mine.rewrite.withAppendRight(() -> lastRound(mine, made, catchUp, hurried));
            if (result.isEmpty()) continue;
            if (result.get() instanceof CommitResult.Committed) mine.swap.finish();
            return result.get();
        }
        return new CommitResult.Outpaced(mine.rewrite.volume() + " is written faster than a vacuum can follow; try again later");
    }

    private Optional<CommitResult> lastRound(Work mine, NewFiles made, CatchUp catchUp, ByteRate hurried) throws IOException {
        Volume volume = mine.rewrite.volume();
        Ends now = mine.rewrite.ends();
        if (catchUp.gapBytes(now) > LAST_ROUND_BYTES) return Optional.empty();
        Optional<String> failed = Vacuum.whyBroken(volume, options);
        if (failed.isPresent()) return Optional.of(new CommitResult.Refused(failed.get()));
        catchUp.round(now, hurried);
        made.sync();
        boolean wasReadOnly = !volume.readOnly().isWritable();
        mine.swap.install(made);
        mine.namesSettled = true;
        LOG.info("{}: vacuumed from {} to {} bytes", volume, now.datEnd(), made.ends().datEnd());
        return Optional.of(new CommitResult.Committed(wasReadOnly, made.ends().datEnd(), volume.numbers().revision()));
    }

    /** Removes files that nobody will commit; waits for who is at work on them. */
    CleanupResult cleanUp() {
        synchronized (this) {
            if (phase == Phase.COMMITTING) return new CleanupResult.Committing("the vacuum is being committed");
        }
        stop();
        return new CleanupResult.Clean();
    }

    /** Removes files that an earlier compaction has left; to be called once, instead of compacting. */
    CleanupResult sweep(VolumeRewrite rewrite) {
        Work mine = new Work(rewrite);
        mine.namesSettled = rewrite.disk().exists(rewrite.files().compactionCommit());
        end(mine);
        return mine.namesSettled
                ? new CleanupResult.Committing(rewrite.files().compactionCommit() + " says that a vacuum was committed")
                : new CleanupResult.Clean();
    }

    /** Ends the compaction if it waits for its commit; false if it is at work. */
    boolean endIfReady() {
        return endIfReady(false) || hasEnded();
    }

    /** Ends the compaction and leaves its files, if it waits for its commit. */
    boolean leave() {
        return endIfReady(true);
    }

    private boolean endIfReady(boolean leavingFiles) {
        Work mine;
        synchronized (this) {
            if (phase != Phase.READY) return false;
            phase = Phase.COMMITTING;
            mine = work;
        }
        if (mine == null) throw new IllegalStateException("ready without files");
        mine.namesSettled |= leavingFiles;
        end(mine);
        return true;
    }

    private synchronized boolean hasEnded() {
        return phase == Phase.ENDED;
    }

    @Override
    public void stop() {
        stopRequested = true;
        if (endIfReady()) return;
        boolean interrupted = false;
        synchronized (this) {
            while (phase != Phase.ENDED) {
                try {
                    wait();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** False if somebody wants the end instead. */
    private synchronized boolean becomesReady() {
        if (stopRequested) return false;
        phase = Phase.READY;
        return true;
    }

    private void end(Work mine) {
        try {
            if (mine.made != null) mine.made.close();
            if (!mine.namesSettled) mine.swap.removeNewFiles();
        } catch (IOException failed) {
            LOG.warn("{}: files of a vacuum are left behind until the next one, or the next start: {}",
                    mine.rewrite.volume(), failed.getMessage());
        } finally {
            mine.rewrite.close();
            synchronized (this) {
                phase = Phase.ENDED;
                notifyAll();
            }
        }
    }
}
