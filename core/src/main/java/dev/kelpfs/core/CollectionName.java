package dev.kelpfs.core;

import java.nio.charset.StandardCharsets;

/**
 * Name of a collection, the part of a cluster whose volumes can be dropped together. It becomes part of file names
 * ({@code pictures_7.dat}), so what a file name cannot hold is refused. The empty name is the default collection.
 */
public record CollectionName(String text) implements Comparable<CollectionName> {
    public static final CollectionName DEFAULT = new CollectionName("");

    /** Longest name, in bytes of UTF-8; leaves room for the volume id and a suffix in a file name of 255 bytes. */
    public static final int MAX_BYTES = 200;

    private static final int SHOWN_CHARS = 40;

    public CollectionName {
        // Most are short, and a long one is not worth its bytes.
        if (text.length() > MAX_BYTES / 3 && (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES)) {
            throw new IllegalArgumentException("collection names have at most " + MAX_BYTES + " bytes, got \""
                    + text.substring(0, SHOWN_CHARS).replaceAll("\\p{Cntrl}", "?") + "...\" of " + text.length() + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '\\' || c < ' ' || c == 0x7f) {
                throw new IllegalArgumentException("collection names have no slash, backslash or control character, got \""
                        + text.replaceAll("\\p{Cntrl}", "?") + "\"");
            }
        }
        if (text.equals(".") || text.equals("..")) {
            throw new IllegalArgumentException("\"" + text + "\" is no collection name");
        }
    }

    public boolean isDefault() {
        return text.isEmpty();
    }

    @Override
    public int compareTo(CollectionName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
