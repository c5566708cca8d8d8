package dev.kelpfs.volume.file;

/**
 * What of an upload is kept as name and type, and whether the server compresses it. Pure functions.
 *
 * <p>Source: volume server, section 3.10.
 */
final class UploadRules {
    private static final String OCTET_STREAM = "application/octet-stream";

    private UploadRules() {}

    /** Last component of a file name that a client sent, with either kind of slash. */
    static String baseName(String fileName) {
        int end = fileName.length();
        while (end > 0 && isSlash(fileName.charAt(end - 1))) end--;
        int start = end;
        while (start > 0 && !isSlash(fileName.charAt(start - 1))) start--;
        return fileName.substring(start, end);
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }

    /**
     * Type to keep for a multipart upload.
     *
     * @param given type of the part; empty for none
     * @param guess type by the extension of the name; empty for none
     */
    static String multipartMime(String given, String guess) {
        if (!given.isEmpty() && !given.equals(OCTET_STREAM) && !given.equals(guess)) return given;
        return guess.equals(OCTET_STREAM) ? "" : guess;
    }

    /** Type to keep for a raw upload: what was given, octet-stream included, else the guess. */
    static String rawMime(String given, String guess) {
        return given.isEmpty() ? guess : given;
    }

    /** True for types that shrink well enough to be tried. The whole type is compared, parameters included. */
    static boolean isCompressible(String mime) {
        return mime.startsWith("text/")
                || mime.startsWith("application/") && (mime.endsWith("xml") || mime.endsWith("script"))
                || mime.equals("audio/wave") || mime.equals("audio/wav") || mime.equals("audio/x-wav")
                || mime.equals("audio/x-pn-wav");
    }

    /** True if the compressed form is worth keeping: below nine tenths of the plain one. */
    static boolean isWorthwhile(long compressedBytes, long plainBytes) {
        return compressedBytes * 10 < plainBytes * 9;
    }
}
