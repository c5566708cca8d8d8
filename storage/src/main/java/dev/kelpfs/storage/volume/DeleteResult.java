package dev.kelpfs.storage.volume;

/** What deleting a needle can end in. Failures of the disk are exceptions instead. */
public sealed interface DeleteResult {
    /** It is deleted. */
    record Deleted(int bodyBytes) implements DeleteResult {}

    /** There is no such needle, or it was deleted before. */
    record NotFound() implements DeleteResult {
        static final NotFound ANSWER = new NotFound();
    }

    /** The needle has another cookie. */
    record WrongCookie() implements DeleteResult {}

    /** The volume takes no deletions; the reason is for people. */
    record ReadOnly(String reason) implements DeleteResult {}

    /** No space is left on the disk for the marker; nothing was deleted. */
    record DiskFull(String detail) implements DeleteResult {}

    /** Not now: somebody else has the append right, or (for a queued deletion) the queue is full. */
    record Busy() implements DeleteResult {
        static final Busy ANSWER = new Busy();
    }

    /** The volume was unmounted meanwhile. */
    record Unmounted() implements DeleteResult {
        static final Unmounted ANSWER = new Unmounted();
    }
}
