package dev.kelpfs.volume.file;

import dev.kelpfs.http.ByteRanges.ByteRange;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The texts around the parts of a {@code multipart/byteranges} body. Made complete by {@link #partType} before its
 * lengths are asked for; then only read.
 */
final class ByteRangeParts {
    private final List<ByteRange> ranges;
    private final long total;
    private final String boundary;
    private String type = "";

    private ByteRangeParts(List<ByteRange> ranges, long total, String boundary) {
        this.ranges = ranges;
        this.total = total;
        this.boundary = boundary;
    }

    static ByteRangeParts of(List<ByteRange> ranges, long total, String boundary) {
        return new ByteRangeParts(ranges, total, boundary);
    }

    String boundary() {
        return boundary;
    }

    /** Type of each part; may be empty. */
    void partType(String mime) {
        type = mime;
    }

    /** What stands in front of the data of a part. */
    byte[] head(int index) {
        String text = (index == 0 ? "--" : "\r\n--") + boundary
                + "\r\nContent-Range: " + ranges.get(index).contentRange(total)
                + "\r\nContent-Type: " + type + "\r\n\r\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What stands behind the last part. */
    byte[] tail() {
        return ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Length of the whole body. */
    long bytes() {
        long bytes = tail().length;
        for (int i = 0; i < ranges.size(); i++) bytes += head(i).length + ranges.get(i).length();
        return bytes;
    }
}
