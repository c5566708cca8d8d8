package dev.kelpfs.testkit.net;

import java.util.function.IntFunction;

/** Ways to be slow in the face of a volume server. */
public enum SlowWay {
    HEADS,
    SMALL_UPLOADS,
    LARGE_UPLOADS,
    FORMS,
    DOWNLOADS,
    LARGE_DOWNLOADS,
    PACKED_DOWNLOADS;

    /**
     * What each of them sends first.
     *
     * @param stored id of a file of 100 KB, {@code large} of one of megabytes, {@code packed} of one that is stored compressed
     * @param free id of a place, with one behind it for each client
     */
    public IntFunction<SlowClients.Opening> opening(String stored, String large, String packed, String free) {
        return switch (this) {
            case HEADS -> _ -> opening("GET /" + stored + " HTTP/1.1\r\nHost: x\r\nX-Long: ", 0);
            case SMALL_UPLOADS -> i -> opening(put(free + "_" + i, 70_000), 60_000);
            case LARGE_UPLOADS -> i -> opening(put(free + "_" + i, 1_000_000), 900_000);
            case FORMS -> i -> opening("POST /" + free + "_" + i + " HTTP/1.1\r\nHost: x\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n10000000\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n", 300_000);
            case DOWNLOADS -> _ -> opening("GET /" + stored + " HTTP/1.1\r\nHost: x\r\n\r\n", 0);
            case LARGE_DOWNLOADS -> _ -> opening("GET /" + large + " HTTP/1.1\r\nHost: x\r\n\r\n", 0);
            case PACKED_DOWNLOADS -> _ -> opening("GET /" + packed + " HTTP/1.1\r\nHost: x\r\n\r\n", 0);
        };
    }

    private static String put(String file, int bytes) {
        return "PUT /" + file + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n\r\n";
    }

    private static SlowClients.Opening opening(String head, long moreBytes) {
        return new SlowClients.Opening(head, moreBytes);
    }
}
