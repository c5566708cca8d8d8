package dev.kelpfs.storage.volume;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The right to make new files for a volume: one has it at a time, and nobody once it is closed. Safe for all threads. */
final class RewriteRight {
    /** Both guarded by this. */
    private @Nullable VolumeRewrite rewrite;
    private boolean closed;

    /** Who has the right now. */
    synchronized Optional<Rewriter> holder() {
        return Optional.ofNullable(rewrite).map(VolumeRewrite::rewriter);
    }

    /** @param begin gives the rewrite of whoever gets the right; empty if the volume is unmounted */
    synchronized RewriteClaim claim(Supplier<Optional<VolumeRewrite>> begin) {
        if (rewrite != null) return new RewriteClaim.Taken(rewrite.rewriter());
        if (closed) return new RewriteClaim.Unmounted();
        Optional<VolumeRewrite> begun = begin.get();
        if (begun.isEmpty()) return new RewriteClaim.Unmounted();
        rewrite = begun.get();
        return new RewriteClaim.Granted(begun.get());
    }

    synchronized void ended() {
        rewrite = null;
    }

    /** Nobody gets it any more. @return who still has it */
    synchronized Optional<Rewriter> close() {
        closed = true;
        return holder();
    }

    /** Closes it unless somebody has it, or it is closed already. */
    synchronized boolean closeIfFree() {
        if (rewrite != null || closed) return false;
        closed = true;
        return true;
    }

    synchronized void reopen() {
        closed = false;
    }
}
