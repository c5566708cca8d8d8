package dev.kelpfs.volume.file;

import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.HttpDates;
import dev.kelpfs.http.media.TypesByExtension;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.volume.manifest.ChunkManifest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the headers of a read say about a file, in the order of the specification: a later step may replace what an
 * earlier one set, and the pairs of a file may replace its tag and date. Knows nothing about bodies and ranges.
 *
 * <p>Source: volume server, section 3.4, steps 7 to 17.
 */
final class FileHead {
    /** Tag of every file without data. */
    static final String EMPTY_TAG = "\"00000000\"";

    private static final AsciiString LAST_MODIFIED = AsciiString.cached("Last-Modified");
    private static final AsciiString ETAG = AsciiString.cached("ETag");
    private static final AsciiString ACCEPT_RANGES = AsciiString.cached("Accept-Ranges");
    private static final AsciiString BYTES = AsciiString.cached("bytes");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
    private static final AsciiString CONTENT_DISPOSITION = AsciiString.cached("Content-Disposition");
    private static final AsciiString FILE_STORE = AsciiString.cached("X-File-Store");
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");
    private static final long LAST_DATE_EPOCH_SECONDS = 253_402_300_799L;
    private static final String OCTET_STREAM = "application/octet-stream";

    /** Headers that say how the answer is framed; a pair of that name is kept with the file but not sent. */
    private static final Set<String> FRAMING = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        FRAMING.addAll(List.of("Content-Length", "Transfer-Encoding", "Connection", "Date"));
    }

    private final LastModified dates = new LastModified();

    /** True if the client has this version already; {@code If-Modified-Since} counts first. */
    boolean isNotModified(Request request, long modifiedEpochSeconds, String tag) {
        if (modifiedEpochSeconds != 0) {
            String since = request.headers().get(HttpHeaderNames.IF_MODIFIED_SINCE);
            if (since != null) {
                Optional<Instant> parsed = HttpDates.parse(since);
                if (parsed.isPresent() && parsed.get().getEpochSecond() >= modifiedEpochSeconds) return true;
            }
        }
        return tag.equals(request.headers().get(HttpHeaderNames.IF_NONE_MATCH));
    }

    /** 304, with date and tag. */
    Reply notModified(long modifiedEpochSeconds, String tag) {
        Reply reply = Reply.of(304);
        date(reply, modifiedEpochSeconds);
        return reply.header(ETAG, tag);
    }

    /** Sets all that is known about a file with data. */
    void describe(Reply reply, FileUrl url, ReadQuery query, NeedleMetadata record, String tag) {
        describe(reply, url, query, record, tag, record.name(), record.mime());
    }

    /** The same for a file that consists of chunks, whose manifest names and types it. */
    void describe(Reply reply, FileUrl url, ReadQuery query, NeedleMetadata record, String tag, ChunkManifest manifest) {
        describe(reply, url, query, record, tag, manifest.name(), manifest.mime());
        reply.header(FILE_STORE, CHUNKED);
    }

    private void describe(
            Reply reply, FileUrl url, ReadQuery query, NeedleMetadata record, String tag, String storedName, String mime) {
        date(reply, record.lastModifiedEpochSeconds());
        reply.header(ETAG, tag);
        addPairs(reply, record.pairs());
        name(reply, query, url.name().isEmpty() ? storedName : url.name(), mime);
    }

    /** The same for a file without data, of which nothing is stored but that it is there. */
    void describeEmpty(Reply reply, FileUrl url, ReadQuery query) {
        reply.header(ETAG, EMPTY_TAG);
        name(reply, query, url.name(), "");
    }

    private void date(Reply reply, long modifiedEpochSeconds) {
        // A 40-bit time reaches beyond what a date of four digits can say; such a file has none.
        if (modifiedEpochSeconds == 0 || modifiedEpochSeconds > LAST_DATE_EPOCH_SECONDS) return;
        reply.header(LAST_MODIFIED, dates.text(modifiedEpochSeconds));
    }

    private static void name(Reply reply, ReadQuery query, String name, String mime) {
        String type = mime.isEmpty() || mime.startsWith(OCTET_STREAM) ? TypesByExtension.ofName(name).orElse("") : mime;
        if (!type.isEmpty()) reply.header(CONTENT_TYPE, HeaderText.toWire(type));
        reply.header(ACCEPT_RANGES, BYTES);
        query.headers().forEach((header, value) -> reply.header(header, HeaderText.toWire(value)));
        if (!name.isEmpty() && reply.header(CONTENT_DISPOSITION).isEmpty()) {
            reply.header(CONTENT_DISPOSITION, Disposition.of(query.attachment(), name));
        }
    }

    private static void addPairs(Reply reply, ByteBuffer stored) {
        if (!stored.hasRemaining()) return;
        byte[] json = new byte[stored.remaining()];
        stored.get(json);
        Pairs.decode(json).forEach((name, value) -> {
            if (Reply.isHeaderName(name) && !FRAMING.contains(name)) reply.header(name, HeaderText.toWire(value));
        });
    }
}
