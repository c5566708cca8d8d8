package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodySink;
import dev.kelpfs.http.ByteRanges;
import dev.kelpfs.http.ByteRanges.Asked;
import dev.kelpfs.http.ByteRanges.ByteRange;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.media.ContentSniffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers reads with the part of a file that was asked for: the whole, one range, several ranges, or the refusal of
 * ranges that do not fit.
 *
 * <p>Source: volume server, section 3.5 and step 14 of 3.4. {@code If-Range} counts, which the reference ignores: there a
 * download that is resumed after the file was overwritten ends as a mixture of both.
 */
final class RangeAnswers {
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
    private static final AsciiString CONTENT_RANGE = AsciiString.cached("Content-Range");
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_SATISFIABLE = 416;

    private final Supplier<String> boundaries;

    /** @param boundaries texts to stand between the parts of an answer with several ranges, each time another */
    RangeAnswers(Supplier<String> boundaries) {
        this.boundaries = boundaries;
    }

    /**
     * Answers with data that is in memory; for any thread.
     *
     * @param data owned by this method from now on
     * @param describe sets the headers of the file
     */
    Reply answer(Request request, ByteBuf data, ByteBufAllocator buffers, Consumer<Reply> describe) {
        boolean kept = false;
        try {
            if (HttpMethod.HEAD.equals(request.method())) return described(OK, describe).headLength(data.readableBytes());
            String range = range(request, describe);
            if (range != null) return ranged(ByteRanges.parse(range, data.readableBytes()), data, buffers, describe);
            Reply reply = whole(data, describe);
            kept = true;
            return reply;
        } finally {
            if (!kept) data.release();
        }
    }

    /** The same, with the data kept by the caller. */
    private Reply ranged(Asked asked, ByteBuf data, ByteBufAllocator buffers, Consumer<Reply> describe) {
        return switch (asked) {
            case Asked.Whole _ -> whole(data.retain(), describe);
            case Asked.One(var range) -> {
                Reply reply = one(range, data.readableBytes(), describe);
                ByteBuf part = data.retainedSlice(data.readerIndex() + (int) range.start(), (int) range.length());
                sniff(reply, part);
                yield reply.body(part);
            }
            case Asked.Several(var ranges) -> {
                ByteRangeParts parts = ByteRangeParts.of(ranges, data.readableBytes(), boundaries.get());
                Reply reply = several(parts, describe);
                ByteBuf body = buffers.buffer((int) parts.bytes());
                reply.body(body);
                for (int i = 0; i < ranges.size(); i++) {
                    body.writeBytes(parts.head(i));
                    body.writeBytes(data, data.readerIndex() + (int) ranges.get(i).start(), (int) ranges.get(i).length());
                }
                body.writeBytes(parts.tail());
                yield reply;
            }
            case Asked.Nothing _ -> described(OK, describe);
            case Asked.Invalid _ -> invalid(describe);
        };
    }

    /**
     * Answers with data that is produced while it is sent; for threads that may wait.
     *
     * @param content owned by this method and its reply from now on
     */
    Reply answer(Request request, FileContent content, Consumer<Reply> describe)
            throws IOException, InterruptedException {
        boolean kept = false;
        try {
            if (HttpMethod.HEAD.equals(request.method())) return described(OK, describe).headLength(content.bytes());
            String range = range(request, describe);
            Asked asked = range == null ? new Asked.Whole() : ByteRanges.parse(range, content.bytes());
            Reply reply = switch (asked) {
                case Asked.Whole _ -> stream(described(OK, describe), content, 0, content.bytes());
                case Asked.One(var one) ->
                    stream(one(one, content.bytes(), describe), content, one.start(), one.length());
                case Asked.Several(var ranges) -> stream(ranges, content, describe);
                case Asked.Nothing _ -> described(OK, describe);
                case Asked.Invalid _ -> invalid(describe);
            };
            kept = !(asked instanceof Asked.Nothing || asked instanceof Asked.Invalid);
            return reply;
        } finally {
            if (!kept) content.close();
        }
    }

    /** What is asked for; null for the whole, also if the client's part is of another version than this one. */
    private static @Nullable String range(Request request, Consumer<Reply> describe) {
        String range = request.headers().get(HttpHeaderNames.RANGE);
        String version = request.headers().get(HttpHeaderNames.IF_RANGE);
        if (range == null || version == null) return range;
        Reply thisOne = described(OK, describe);
        // A weak tag says only that two versions mean the same.
        boolean same = !version.startsWith("W/") && Stream.of(HttpHeaderNames.ETAG, HttpHeaderNames.LAST_MODIFIED)
                .flatMap(name -> thisOne.header(name).stream()).anyMatch(header -> version.strip().contentEquals(header));
        return same ? range : null;
    }

    private static Reply stream(Reply reply, FileContent content, long from, long count)
            throws IOException, InterruptedException {
        if (wantsSniffing(reply) && count > 0) {
            reply.header(CONTENT_TYPE, ContentSniffer.sniff(content.peek(from, (int) Math.min(ContentSniffer.BYTES, count))));
        }
        return reply.stream(count, sink -> {
            try (content) {
                content.writeTo(sink, from, count);
            }
        });
    }

    private Reply stream(List<ByteRange> ranges, FileContent content, Consumer<Reply> describe) {
        ByteRangeParts parts = ByteRangeParts.of(ranges, content.bytes(), boundaries.get());
        return several(parts, describe).stream(parts.bytes(), sink -> {
            try (content) {
                for (int i = 0; i < ranges.size(); i++) {
                    send(sink, parts.head(i));
                    content.writeTo(sink, ranges.get(i).start(), ranges.get(i).length());
                }
                send(sink, parts.tail());
            }
        });
    }

    private static void send(BodySink sink, byte[] bytes) throws IOException, InterruptedException {
        sink.write(ByteBuffer.wrap(bytes));
    }

    private static Reply whole(ByteBuf data, Consumer<Reply> describe) {
        Reply reply = described(OK, describe);
        sniff(reply, data);
        return reply.body(data);
    }

    private static Reply one(ByteRange range, long total, Consumer<Reply> describe) {
        return described(PARTIAL, describe).header(CONTENT_RANGE, range.contentRange(total));
    }

    private static Reply several(ByteRangeParts parts, Consumer<Reply> describe) {
        Reply reply = described(PARTIAL, describe);
        parts.partType(reply.header(CONTENT_TYPE).map(CharSequence::toString).orElse(""));
        return reply.header(CONTENT_TYPE, "multipart/byteranges; boundary=" + parts.boundary());
    }

    private static Reply invalid(Consumer<Reply> describe) {
        return described(NOT_SATISFIABLE, describe)
                .header(CONTENT_TYPE, Reply.TEXT_TYPE).header("X-Content-Type-Options", "nosniff").body("invalid range\n");
    }

    private static Reply described(int status, Consumer<Reply> describe) {
        Reply reply = Reply.of(status);
        describe.accept(reply);
        return reply;
    }

    private static void sniff(Reply reply, ByteBuf body) {
        if (!wantsSniffing(reply) || !body.isReadable()) return;
        byte[] start = new byte[Math.min(ContentSniffer.BYTES, body.readableBytes())];
        body.getBytes(body.readerIndex(), start);
        reply.header(CONTENT_TYPE, ContentSniffer.sniff(start));
    }

    private static boolean wantsSniffing(Reply reply) {
        return reply.header(CONTENT_TYPE).isEmpty() && reply.header(HttpHeaderNames.CONTENT_ENCODING).isEmpty();
    }
}
