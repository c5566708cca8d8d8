package dev.kelpfs.volume.file;

import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.volume.file.FileReads.Wanted;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * From a record that was read to the answer: may this client see it, has it this version already, in which form does it
 * get the data. Safe for all threads.
 *
 * <p>Source: volume server, sections 3.4 to 3.8.
 */
final class FileAnswers {
    private static final AsciiString CONTENT_ENCODING = AsciiString.cached("Content-Encoding");
    private static final AsciiString GZIP = AsciiString.cached("gzip");
    private static final Set<String> PICTURES = Set.of(".png", ".jpg", ".jpeg", ".gif", ".webp");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Up to here data is verified before the first byte goes out; above, on the way. */
    private static final int VERIFIED_FIRST_BYTES = 1 << 20;

    private final InstantSource clock;
    private final RangeAnswers ranges;
    private final VolumeMetrics metrics;
    private final FileHead head = new FileHead();

    FileAnswers(InstantSource clock, RangeAnswers ranges, VolumeMetrics metrics) {
        this.clock = clock;
        this.ranges = ranges;
        this.metrics = metrics;
    }

    /** True if the client does not read gzip and this is gzip; {@link #inflated} answers then, else {@link #stored}. */
    static boolean mustInflate(Request request, NeedleMetadata record, ByteBuf data) {
        return record.isCompressed() && !acceptsGzip(request) && Gzip.hasMagic(data.nioBuffer());
    }

    /** A file without data: there is nothing but the fact that it exists, so no cookie is compared. */
    Reply empty(Request request, Wanted wanted) {
        if (head.isNotModified(request, 0, FileHead.EMPTY_TAG)) return head.notModified(0);
        return ranges.answer(request, Unpooled.EMPTY_BUFFER, UnpooledByteBufAllocator.DEFAULT,
                reply -> head.describeEmpty(reply, wanted.url(), wanted.query()));
    }

    /**
     * Data in memory, sent as it is stored; for any thread.
     *
     * @param data owned by this method from now on
     */
    Reply stored(Exchange exchange, Wanted wanted, NeedleMetadata record, ByteBuf data) {
        boolean kept = false;
        try {
            Request request = exchange.request();
            String tag = tag(record);
            Optional<Reply> other = insteadOfData(request, wanted, record, tag);
            if (other.isPresent()) return other.get();
            boolean packed = record.isCompressed() && Gzip.hasMagic(data.nioBuffer());
            kept = true;
            return ranges.answer(request, data, exchange.allocator(), reply -> describe(reply, wanted, record, tag, packed));
        } finally {
            if (!kept) data.release();
        }
    }

    /**
     * Data in memory, inflated while it is sent; for threads that may wait.
     *
     * @param data owned by this method from now on
     */
    Reply inflated(Request request, Wanted wanted, NeedleMetadata record, ByteBuf data) throws IOException {
        boolean kept = false;
        try {
            String tag = tag(record);
            Optional<Reply> other = insteadOfData(request, wanted, record, tag);
            if (other.isPresent()) return other.get();
            ByteBuffer packed = data.nioBuffer();
            kept = true;
            InflatedFile plain = InflatedFile.measure(() -> Gzip.stream(packed), data::release);
            return ranges.answer(request, plain, reply -> describe(reply, wanted, record, tag, false));
        } finally {
            if (!kept) data.release();
        }
    }

    /**
     * Data on disk, read while it is sent; for threads that may wait.
     *
     * @param file owned by this method from now on
     */
    Reply large(Request request, Wanted wanted, StoredFile file) throws IOException {
        boolean kept = false;
        try {
            NeedleMetadata record = file.metadata();
            String tag = tag(record);
            Optional<Reply> other = insteadOfData(request, wanted, record, tag);
            if (other.isPresent()) return other.get();
            if (file.bytes() <= VERIFIED_FIRST_BYTES) file.verify();
            boolean packed = record.isCompressed() && Gzip.hasMagic(ByteBuffer.wrap(file.peek(0, Gzip.MAGIC_BYTES)));
            FileContent content = file;
            kept = true;
            if (packed && !acceptsGzip(request)) content = InflatedFile.measure(() -> file.open(0), file::close);
            boolean sentPacked = packed && content == file;
            return ranges.answer(request, content, reply -> describe(reply, wanted, record, tag, sentPacked));
        } finally {
            if (!kept) file.close();
        }
    }

    private void describe(Reply reply, Wanted wanted, NeedleMetadata record, String tag, boolean packed) {
        if (packed) reply.header(CONTENT_ENCODING, GZIP);
        head.describe(reply, wanted.url(), wanted.query(), record, tag);
    }

    /** What is answered without looking at the data. */
    private Optional<Reply> insteadOfData(Request request, Wanted wanted, NeedleMetadata record, String tag) {
        if (!record.hasCookie(wanted.id().cookie()) || isExpired(wanted, record)) {
            metrics.fileNotFound();
            return Optional.of(Reply.of(404));
        }
        if (head.isNotModified(request, record.lastModifiedEpochSeconds(), tag)) {
            return Optional.of(head.notModified(record.lastModifiedEpochSeconds()));
        }
        if (record.isManifest() && !wanted.query().manifestItself()) {
            return Optional.of(Reply.error(501, "this file consists of chunks, which this server does not put together yet;"
                    + " ask with cm=false for the list of them"));
        }
        if (wanted.query().transformsPicture() && PICTURES.contains(extension(wanted, record))) {
            return Optional.of(Reply.error(501, "this server does not resize or crop pictures yet;"
                    + " ask without width, height and crop for the picture as it is"));
        }
        return Optional.empty();
    }

    private boolean isExpired(Wanted wanted, NeedleMetadata record) {
        if (record.ttl().isNone() || wanted.query().readDeleted()) return false;
        Instant now = clock.instant();
        return record.isExpired(now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
    }

    private static String extension(Wanted wanted, NeedleMetadata record) {
        FileUrl url = wanted.url();
        if (!url.extension().isEmpty()) return url.extension().toLowerCase(Locale.ROOT);
        if (!url.name().isEmpty()) return "";
        String name = record.name();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    }

    private static boolean acceptsGzip(Request request) {
        String accepted = request.headers().get(HttpHeaderNames.ACCEPT_ENCODING);
        return accepted != null && accepted.contains("gzip");
    }

    private static String tag(NeedleMetadata record) {
        return "\"" + record.etag() + "\"";
    }
}
