package dev.kelpfs.shell.topology;

import java.util.stream.Stream;

/** What the volumes below some level hold together, each copy counted. */
public record Sums(long size, long fileCount, long deletedFileCount, long deletedBytes) {
    static final Sums NONE = new Sums(0, 0, 0, 0);

    Sums plus(Sums other) {
        return new Sums(size + other.size, fileCount + other.fileCount, deletedFileCount + other.deletedFileCount,
                deletedBytes + other.deletedBytes);
    }

    static Sums of(Stream<Sums> parts) {
        return parts.reduce(NONE, Sums::plus);
    }

    @Override
    public String toString() {
        return "{Size:" + size + " FileCount:" + fileCount + " DeletedFileCount:" + deletedFileCount
                + " DeletedBytes:" + deletedBytes + "}";
    }
}
