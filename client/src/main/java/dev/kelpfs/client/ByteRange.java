package dev.kelpfs.client;

/**
 * Which bytes of a file to read. Use {@link #from}, {@link #of} or {@link #last}.
 *
 * @param header as it stands behind {@code bytes=} in a request
 */
public record ByteRange(String header) {
    /** Everything from an offset on. */
    public static ByteRange from(long offset) {
        return new ByteRange(checked(offset) + "-");
    }

    /** {@code bytes} bytes from an offset on; fewer if the file ends before. */
    public static ByteRange of(long offset, long bytes) {
        if (bytes <= 0) throw new IllegalArgumentException("a range has at least one byte, got " + bytes);
        return new ByteRange(checked(offset) + "-" + (Math.addExact(offset, bytes) - 1));
    }

    /** The last {@code bytes} bytes; the whole file if it is shorter. */
    public static ByteRange last(long bytes) {
        if (bytes <= 0) throw new IllegalArgumentException("a range has at least one byte, got " + bytes);
        return new ByteRange("-" + bytes);
    }

    private static long checked(long offset) {
        if (offset < 0) throw new IllegalArgumentException("an offset must not be negative, got " + offset);
        return offset;
    }
}
