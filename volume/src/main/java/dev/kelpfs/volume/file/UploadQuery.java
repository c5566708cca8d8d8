package dev.kelpfs.volume.file;

import dev.kelpfs.core.Ttl;
import dev.kelpfs.http.HttpException;
import java.time.Instant;

/**
 * The query parameters of an upload that reach the record.
 *
 * @param modifiedEpochSeconds {@code ts}, or the moment of the upload
 * @param ttl none when the parameter is missing; the record then takes over the volume's
 * @param manifest {@code cm}: the data names the chunks of a larger file
 * @param fsync the answer waits until the data is on the disk
 * @param replicate another server forwards what it was sent; nothing is passed on or changed
 */
record UploadQuery(long modifiedEpochSeconds, Ttl ttl, boolean manifest, boolean fsync, boolean replicate) {
    private static final long LOW_40_BITS = (1L << 40) - 1;

    /** Source of query parameters; the empty text stands for one that is missing. */
    @FunctionalInterface
    interface Parameters {
        String first(String name);
    }

    /** An upload without any parameter. */
    static UploadQuery plain(Instant now) {
        return new UploadQuery(now.getEpochSecond(), Ttl.NONE, false, false, false);
    }

    /**
     * Reads the parameters.
     *
     * @throws HttpException 400 if the time to live cannot be read. (The reference stores the file for ever then; what its
     *     servers pass on is taken so.)
     */
    static UploadQuery of(Parameters parameters, Instant now) {
        boolean replicate = parameters.first("type").equals("replicate");
        return new UploadQuery(
                modified(parameters.first("ts"), now), ttl(parameters.first("ttl"), replicate), isTrue(parameters.first("cm")),
                parameters.first("fsync").equals("true"), replicate);
    }

    /** The texts that count as true for parameters of the kind <em>bool</em>. */
    static boolean isTrue(String text) {
        return switch (text) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            default -> false;
        };
    }

    private static long modified(String text, Instant now) {
        long seconds = 0;
        if (!text.isEmpty()) {
            try {
                seconds = Long.parseLong(text);
            } catch (NumberFormatException noTime) {
                seconds = 0;
            }
        }
        return seconds > 0 ? seconds & LOW_40_BITS : now.getEpochSecond();
    }

    private static Ttl ttl(String text, boolean replicate) {
        if (text.isEmpty()) return Ttl.NONE;
        try {
            return Ttl.parse(text);
        } catch (IllegalArgumentException unreadable) {
            if (replicate) return Ttl.NONE;
            throw new HttpException(400, unreadable.getMessage() + "; nothing was stored");
        }
    }
}
