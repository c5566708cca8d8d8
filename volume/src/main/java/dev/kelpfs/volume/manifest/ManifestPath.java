package dev.kelpfs.volume.manifest;

import dev.kelpfs.core.FileId;
import dev.kelpfs.http.HttpException;
import java.util.ArrayList;
import java.util.List;

/**
 * The manifests that led to a file, from the outermost on. Chunks may be manifests themselves; a path makes sure that this
 * ends. It travels between servers in a request header.
 */
public record ManifestPath(List<String> fileIds) {
    /** Request header with the ids of a path, separated by semicolons, as ids have commas. */
    public static final String HEADER = "Kelp-Manifest-Path";

    /** No manifest yet. */
    public static final ManifestPath START = new ManifestPath(List.of());

    /** Manifests within manifests; each level multiplies what one file can hold. */
    private static final int MAX_DEPTH = 8;

    public ManifestPath {
        fileIds = List.copyOf(fileIds);
    }

    /** @param header value of {@link #HEADER}; empty for none */
    public static ManifestPath of(String header) {
        return header.isEmpty() ? START : new ManifestPath(List.of(header.split(";", MAX_DEPTH + 1)));
    }

    /**
     * The path with one more manifest.
     *
     * @throws HttpException 500 if the manifest is on the path already, or the path gets too long
     */
    public ManifestPath with(FileId manifest) {
        String id = manifest.toString();
        if (fileIds.contains(id)) {
            throw new HttpException(500, "chunk manifest " + id + " contains itself: " + String.join(" > ", fileIds) + " > " + id);
        }
        if (fileIds.size() >= MAX_DEPTH) {
            throw new HttpException(500, "chunk manifests are nested more than " + MAX_DEPTH + " deep: "
                    + String.join(" > ", fileIds) + " > " + id);
        }
        List<String> longer = new ArrayList<>(fileIds);
        longer.add(id);
        return new ManifestPath(longer);
    }

    /** Value of {@link #HEADER}. */
    public String header() {
        return String.join(";", fileIds);
    }
}
