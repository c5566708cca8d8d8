package dev.kelpfs.http.multipart;

/**
 * Bounds on a multipart body.
 *
 * @param maxParts parts of one body
 * @param maxHeaderBytes header lines of one part together, at most {@value #LARGEST_HEADER_BYTES}
 */
public record MultipartLimits(int maxParts, int maxHeaderBytes) {
    /** Largest {@link #maxHeaderBytes}. */
    public static final int LARGEST_HEADER_BYTES = 32 << 10;

    private static final MultipartLimits DEFAULTS = new MultipartLimits(1000, 16 << 10);

    public MultipartLimits {
        if (maxParts < 1) throw new IllegalArgumentException("maxParts must be positive, got " + maxParts);
        if (maxHeaderBytes < 1 || maxHeaderBytes > LARGEST_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "maxHeaderBytes must be 1 to " + LARGEST_HEADER_BYTES + ", got " + maxHeaderBytes);
        }
    }

    /** 1000 parts with 16 KiB of headers each. */
    public static MultipartLimits defaults() {
        return DEFAULTS;
    }
}
