package dev.kelpfs.master.topology;

import java.util.List;

/** What becomes of a beat. */
public sealed interface BeatOutcome {
    /**
     * It was taken in.
     *
     * @param isFirst the stream was bound to its server by it, and wants the settings
     * @param wantsFullList what the server holds and what is known of it differ; the next beat should name everything
     */
    record Taken(boolean isFirst, boolean wantsFullList) implements BeatOutcome {}

    /** The server said that it stops; the stream has nothing more to say. */
    record Farewell() implements BeatOutcome {}

    /** Nothing can be made of it yet, or any more. */
    record Ignored() implements BeatOutcome {}

    /** Directories with these ids belong to another connected server: one disk, or its copy, is mounted twice. */
    record DuplicateDirectories(List<String> ids, String otherNode) implements BeatOutcome {}

    /** The stream must end. */
    record Refused(String reason) implements BeatOutcome {}
}
