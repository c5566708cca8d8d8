package dev.kelpfs.client;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A file to be stored: its content and what is kept beside it. Immutable; each method gives a changed copy. */
public final class NewFile {
    private final Content content;
    private final String name;
    private final String mime;
    private final Optional<Instant> modified;
    private final Map<String, String> pairs;
    private final boolean synced;
    private final LongConsumer onStored;

    private NewFile(
            Content content, String name, String mime, Optional<Instant> modified, Map<String, String> pairs, boolean synced,
            LongConsumer onStored) {
        this.content = content;
        this.name = name;
        this.mime = mime;
        this.modified = modified;
        this.pairs = Map.copyOf(pairs);
        this.synced = synced;
        this.onStored = onStored;
    }

    private static NewFile holding(Content content, String name, Optional<Instant> modified) {
        return new NewFile(content, name, "", modified, Map.of(), false, bytes -> { });
    }

    /** Content from memory; the array must not change until the upload has ended. */
    public static NewFile of(byte[] content) {
        return holding(new Content.InMemory(content), "", Optional.empty());
    }

    /**
     * Content, name and time of change of a file of this machine. It must not change until the upload has ended.
     *
     * @throws KelpException if there is no such file, or it is a directory
     */
    public static NewFile of(Path file) throws KelpException {
        LocalFile local = LocalFile.of(file);
        String name = Objects.toString(file.getFileName(), "");
        return holding(local, name, Optional.of(local.modified()));
    }

    /**
     * Content that is read once until it ends, whatever its length; it can be stored once only. At most a few chunks of it
     * are in memory at a time ({@link ClientOptions.Chunks}); if chunks are switched off, all of it. The caller closes it.
     */
    public static NewFile of(InputStream content) {
        return holding(new Content.Once(content), "", Optional.empty());
    }

    /** Stored with the file and given back on reads; the last part of a path counts. */
    public NewFile named(String newName) {
        return new NewFile(content, newName, mime, modified, pairs, synced, onStored);
    }

    /** Content type; without one the server tells it by the name. */
    public NewFile ofType(String newMime) {
        return new NewFile(content, name, newMime, modified, pairs, synced, onStored);
    }

    /** Time of the last change; seconds count. Without one it is the moment of the upload. */
    public NewFile changedAt(Instant time) {
        return new NewFile(content, name, mime, Optional.of(time), pairs, synced, onStored);
    }

    /**
     * Keeps a short text beside the file, given back on reads.
     *
     * @throws IllegalArgumentException if the name has anything but letters, digits and dashes, or the value anything
     *     that a header cannot carry
     */
    public NewFile with(String pairName, String value) {
        if (!pairName.matches("[A-Za-z0-9-]+")) {
            throw new IllegalArgumentException("a pair's name has letters, digits and dashes, got \"" + pairName + "\"");
        }
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("the value of " + pairName + " must be printable ASCII");
        }
        Map<String, String> more = new LinkedHashMap<>(pairs);
        more.keySet().removeIf(known -> known.toLowerCase(Locale.ROOT).equals(pairName.toLowerCase(Locale.ROOT)));
        more.put(pairName, value);
        return new NewFile(content, name, mime, modified, more, synced, onStored);
    }

    /** Acknowledged only when the data is on the disk of every server that keeps it: it survives a loss of power. */
    public NewFile synced() {
        return new NewFile(content, name, mime, modified, pairs, true, onStored);
    }

    /**
     * Tells how an upload goes on.
     *
     * @param storedBytes given the number of bytes that a server has acknowledged since the last time; called by any thread
     */
    public NewFile watchedBy(LongConsumer storedBytes) {
        return new NewFile(content, name, mime, modified, pairs, synced, storedBytes);
    }

    public String name() {
        return name;
    }

    public String mime() {
        return mime;
    }

    Content content() {
        return content;
    }

    Optional<Instant> modified() {
        return modified;
    }

    Map<String, String> pairs() {
        return pairs;
    }

    boolean isSynced() {
        return synced;
    }

    void stored(long bytes) {
        onStored.accept(bytes);
    }
}
