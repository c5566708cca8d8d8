package dev.kelpfs.storage.vacuum;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.storage.volume.ReadOnlyCause;
import dev.kelpfs.storage.volume.ReadOnlyState;
import dev.kelpfs.storage.volume.RewriteClaim;
import dev.kelpfs.storage.volume.Rewriter;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeRewrite;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Vacuum in the steps in which a master asks for it: {@link #garbageRatio check}, {@link #compact}, then {@link #commit}
 * or {@link #cleanup}. Between the steps the volume remembers; unmounting it ends its vacuum. A volume has at most one.
 *
 * <p>Any thread may call any method. All but the check block for long, on the disk: give them a platform thread, and do
 * not interrupt it.
 */
public final class Vacuum {
    static final CommitResult NOTHING_COMPACTED =
            new CommitResult.NothingCompacted("compact swap aborted: missing .cpd/.cpx; compact the volume first");

    private static final int CLAIMS = 3;
    private static final Set<ReadOnlyCause> BROKEN = EnumSet.of(ReadOnlyCause.DAMAGED, ReadOnlyCause.UNWRITABLE,
            ReadOnlyCause.SYNC_FAILED, ReadOnlyCause.VANISHED, ReadOnlyCause.DEVICE_ERRORS, ReadOnlyCause.STUCK_TAIL,
            ReadOnlyCause.HALF_VACUUMED);
    private static final Set<ReadOnlyCause> BROKEN_BUT_FOR_DAMAGE = broken(ReadOnlyCause.DAMAGED);
    private static final Set<ReadOnlyCause> MARKED = EnumSet.of(ReadOnlyCause.MARKED, ReadOnlyCause.MARKED_CAN_DELETE);

    private final Ticker ticker;
    private final Pause pause;

    /** @param pause waits when a bound for bytes per second is exceeded */
    public Vacuum(Ticker ticker, Pause pause) {
        this.ticker = ticker;
        this.pause = pause;
    }

    /** Share of bytes that a vacuum would free, 0 to 1. */
    public double garbageRatio(Volume volume) {
        return volume.numbers().garbageRatio();
    }

    /**
     * Writes new files with what is live, beside the old ones, which stay in use. Files of an earlier call that were
     * never committed are removed first.
     *
     * @throws IOException if the disk failed; nothing is left of it then
     */
    public CompactResult compact(Volume volume, CompactOptions options, CompactObserver observer) throws IOException {
        Optional<String> refusal = whyRefused(volume, options);
        if (refusal.isPresent()) return new CompactResult.Refused(refusal.get());
        for (int i = 0; i < CLAIMS; i++) {
            Compaction compaction = new Compaction(options, observer, ticker, pause);
            switch (volume.claimRewrite(compaction)) {
                case RewriteClaim.Granted(VolumeRewrite rewrite) -> {
                    return compaction.compact(rewrite);
                }
                case RewriteClaim.Unmounted _ -> {
                    return new CompactResult.Unmounted();
                }
                case RewriteClaim.Taken(Rewriter by) -> {
                    if (!(by instanceof Compaction other) || !other.endIfReady()) return new CompactResult.AlreadyRunning();
                }
            }
        }
        return new CompactResult.AlreadyRunning();
    }

    private static Optional<String> whyRefused(Volume volume, CompactOptions options) {
        Optional<String> broken = whyBroken(volume, options);
        if (broken.isPresent() || options.evenIfMarked()) return broken;
        return why(volume, MARKED);
    }

    /** Why nothing more may be done to the volume's files, if so. */
    static Optional<String> whyBroken(Volume volume, CompactOptions options) {
        return why(volume, options.dropUnreadable() ? BROKEN_BUT_FOR_DAMAGE : BROKEN);
    }

    private static Set<ReadOnlyCause> broken(ReadOnlyCause but) {
        Set<ReadOnlyCause> causes = EnumSet.copyOf(BROKEN);
        causes.remove(but);
        return causes;
    }

    private static Optional<String> why(Volume volume, Set<ReadOnlyCause> causes) {
        ReadOnlyState state = volume.readOnly();
        return state.reasons().entrySet().stream()
                .filter(reason -> causes.contains(reason.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .map(reason -> volume + " is read-only: " + reason);
    }

    /**
     * Follows what was written since and puts the new files in place. Nobody can append or delete during the last MiB of
     * it and a few syncs; reading goes on all the time, and who reads from the old files finishes with them.
     *
     * @throws IOException if the disk failed. The volume is as before, or it is read-only and says that the next start
     *     decides; in both cases nothing that was acknowledged is lost
     */
    public CommitResult commit(Volume volume) throws IOException {
        return volume.rewriter().orElse(null) instanceof Compaction compaction ? compaction.commit() : NOTHING_COMPACTED;
    }

    /**
     * Ends a vacuum whose new files wait for their commit and leaves them where they are, under their temporary names and
     * durable, for whoever wants to look at them. The volume goes on with the old ones; its next vacuum and its next start
     * remove them.
     *
     * @return false if no compacted files wait
     */
    public boolean leave(Volume volume) {
        return volume.rewriter().orElse(null) instanceof Compaction compaction && compaction.leave();
    }

    /** Removes files that shall not be committed, and stops a compaction that is under way. */
    public CleanupResult cleanup(Volume volume) {
        for (int i = 0; i < CLAIMS; i++) {
            Compaction compaction = new Compaction(CompactOptions.DEFAULT, _ -> {}, ticker, pause);
            switch (volume.claimRewrite(compaction)) {
                case RewriteClaim.Granted(VolumeRewrite rewrite) -> {
                    return compaction.sweep(rewrite);
                }
                case RewriteClaim.Unmounted _ -> {
                    return new CleanupResult.Clean();
                }
                case RewriteClaim.Taken(Rewriter by) -> {
                    if (!(by instanceof Compaction other)) return new CleanupResult.Committing(volume + " is being rewritten");
                    if (other.cleanUp() instanceof CleanupResult.Committing busy) return busy;
                }
            }
        }
        return new CleanupResult.Clean();
    }
}
