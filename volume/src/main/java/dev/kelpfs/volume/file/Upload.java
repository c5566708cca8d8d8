package dev.kelpfs.volume.file;

import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;

/**
 * One file as a client sent it.
 *
 * @param data the bytes as received; buffers that stay valid until the answer is made
 * @param name file name; empty for none
 * @param mime type to keep; empty for none
 * @param compressed the client says that the data is gzip
 * @param expectedMd5 base64 of the MD5 that the plain data must have; empty for none
 */
record Upload(List<ByteBuffer> data, String name, String mime, boolean compressed, String expectedMd5) {
    Upload {
        data = List.copyOf(data);
    }

    long bytes() {
        long bytes = 0;
        for (ByteBuffer part : data) bytes += part.remaining();
        return bytes;
    }

    /** The bytes as a stream; opened anew each time. */
    InputStream stream() {
        if (data.size() == 1) return Gzip.stream(data.get(0));
        return new SequenceInputStream(Collections.enumeration(data.stream().map(Gzip::stream).toList()));
    }

    /** The first bytes, for a guess at the type. */
    byte[] start(int count) {
        byte[] start = new byte[(int) Math.min(count, bytes())];
        int at = 0;
        for (ByteBuffer part : data) {
            int take = Math.min(part.remaining(), start.length - at);
            part.get(part.position(), start, at, take);
            at += take;
        }
        return start;
    }
}
