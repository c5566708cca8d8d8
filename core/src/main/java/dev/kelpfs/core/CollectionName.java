package dev.kelpfs.core;

/**
 * Name of a collection, the part of a cluster whose volumes can be dropped together. It becomes part of file names
 * ({@code pictures_7.dat}), so what a file name cannot hold is refused. The empty name is the default collection.
 */
public record CollectionName(String text) implements Comparable<CollectionName> {
    public static final CollectionName DEFAULT = new CollectionName("");

    /** Longest name in characters; leaves room for the volume id and a suffix in a file name of 255 bytes. */
    public static final int MAX_CHARS = 200;

    public CollectionName {
        if (text.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "collection names have at most " + MAX_CHARS + " characters, got " + text.length());
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
