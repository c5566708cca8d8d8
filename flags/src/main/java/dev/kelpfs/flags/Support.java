package dev.kelpfs.flags;

/** How far the feature behind a flag has come. */
public sealed interface Support {
    /** The value is used. */
    record Works() implements Support {}

    /**
     * Accepted so that command lines keep working; has no effect yet, which is said at start when somebody sets it.
     *
     * @param what the missing thing and what happens instead, as the end of a sentence
     */
    record Later(String what) implements Support {}

    /**
     * Not built, and to start without it would leave open what the user wants closed: setting it stops the start.
     *
     * @param what the missing thing and what to do instead, as the end of a sentence
     */
    record Refused(String what) implements Support {}
}
