package dev.kelpfs.storage.volume;

/** Whoever makes new files for a volume while the old ones are in use: a vacuum. */
public interface Rewriter {
    /**
     * The volume goes away, or nobody wants the new files any more. Gives them up and closes its {@link VolumeRewrite};
     * returns when that is done. A commit that has begun is carried to its end. Called by any thread but the
     * rewriter's own.
     */
    void stop();
}
