package dev.kelpfs.storage.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What rebuilding an index came across. Used by one thread. */
final class RebuildReport {
    /** More are counted, not told. */
    private static final int MOST_TOLD = 20;

    private final List<String> told = new ArrayList<>();
    private long rows;
    private long guesses;
    private long damages;
    private long tornBytes;

    void row() {
        rows++;
    }

    void guess() {
        guesses++;
    }

    void damage(String what) {
        damages++;
        if (told.size() < MOST_TOLD) told.add(what);
    }

    void tornTail(long bytes) {
        tornBytes += bytes;
    }

    /** Rows written. */
    long rows() {
        return rows;
    }

    /** Records without content that were taken for deletions although they might be live empty files. */
    long guesses() {
        return guesses;
    }

    /** Places inside the file that are no good records. */
    long damages() {
        return damages;
    }

    /** The first of them, for people. */
    List<String> told() {
        return List.copyOf(told);
    }

    Optional<String> firstDamage() {
        return told.stream().findFirst();
    }

    /** Bytes at the end of the file that form no whole record: a write that a crash has cut short. */
    long tornBytes() {
        return tornBytes;
    }
}
