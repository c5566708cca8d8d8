package dev.kelpfs.volume.picture;

/** What asking for a changed picture can end in. */
public sealed interface PictureOutcome {
    /** @param bytes the changed picture as a file */
    record Changed(byte[] bytes) implements PictureOutcome {}

    /** It is no picture that can be read, or it is fine as it is. */
    record Unchanged() implements PictureOutcome {}

    /** @param reason what is too large, what is allowed, and what to do */
    record TooLarge(String reason) implements PictureOutcome {}

    /** Too many others wait, or the memory for pictures did not become free in time. */
    record Busy() implements PictureOutcome {}
}
