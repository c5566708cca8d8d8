package dev.kelpfs.storage.volume;

/** What asking for the right to rewrite a volume's files can end in. */
public sealed interface RewriteClaim {
    /** The right is given; to be closed. */
    record Granted(VolumeRewrite rewrite) implements RewriteClaim {}

    /** Somebody has it. */
    record Taken(Rewriter by) implements RewriteClaim {}

    /** The volume is unmounted, or about to be. */
    record Unmounted() implements RewriteClaim {}
}
