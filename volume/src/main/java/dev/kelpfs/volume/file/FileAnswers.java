package dev.kelpfs.volume.file;

import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.volume.file.FileReads.Wanted;
import dev.kelpfs.volume.manifest.ChunkManifest;
import dev.kelpfs.volume.manifest.ManifestPath;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import dev.kelpfs.volume.picture.PictureFormat;
import dev.kelpfs.volume.picture.PictureRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * From a record that was read to the answer: may this client see it, has it this version already, in which form does it
 * get the data. Safe for all threads.
 *
 * <p>Source: volume server, sections 3.4 to 3.8.
 */
final class FileAnswers {
    private static final AsciiString CONTENT_ENCODING = AsciiString.cached("Content-Encoding");
    private static final AsciiString GZIP = AsciiString.cached("gzip");
    /** Weight 0 says that it is not wanted. (The reference sends it all the same.) */
    private static final Pattern GZIP_REFUSED = Pattern.compile("gzip\\s*;\\s*q=0(\\.0*)?\\s*(,|$)", Pattern.CASE_INSENSITIVE);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Up to here data is verified before the first byte goes out; above, on the way. */
    private static final int VERIFIED_FIRST_BYTES = 1 << 20;

    /** Memory that files may take together while they are inflated for their clients, and that of one beside its data. */
    private static final long INFLATING_BYTES = 192L << 20;
    private static final long INFLATER_BYTES = 128 << 10;

    private final InflatingMemory inflating = new InflatingMemory(INFLATING_BYTES);
    private final InstantSource clock;
    private final Chunks chunks;
    private final Pictures pictures;
    private final RangeAnswers ranges;
    private final VolumeMetrics metrics;
    private final FileHead head = new FileHead();

    FileAnswers(FileServices services, RangeAnswers ranges) {
        this.clock = services.clock();
        this.chunks = services.chunks();
        this.pictures = services.pictures();
        this.metrics = services.metrics();
        this.ranges = ranges;
    }

    /** Whether a file is sent as it is stored: {@link #stored} answers then, and else {@link #worked}. */
    static boolean isSentAsStored(Request request, Wanted wanted, NeedleMetadata record, ByteBuf data) {
        if (record.isManifest() && !wanted.query().manifestItself()) return false;
        if (record.isCompressed() && !acceptsGzip(request) && Gzip.hasMagic(data.nioBuffer())) return false;
        return picture(wanted, record.name()).isEmpty();
    }

    /** A file without data: there is nothing but the fact that it exists, so no cookie is compared. */
    Reply empty(Request request, Wanted wanted) {
        if (head.isNotModified(request, 0, FileHead.EMPTY_TAG)) return head.notModified(0, FileHead.EMPTY_TAG);
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
     * Data that is inflated, put together, changed, or read from disk while it is sent; for threads that may wait.
     *
     * @param file owned by this method from now on
     */
    Reply worked(Request request, Wanted wanted, StoredContent file) throws IOException, InterruptedException {
        boolean kept = false;
        try {
            NeedleMetadata record = file.metadata();
            String tag = tag(record);
            Optional<Reply> other = insteadOfData(request, wanted, record, tag);
            if (other.isPresent()) return other.get();
            if (record.isManifest() && !wanted.query().manifestItself()) {
                Optional<ChunkManifest> manifest = Chunks.manifest(file);
                if (manifest.isPresent()) return chunked(request, wanted, record, tag, manifest.get());
            }
            if (file.bytes() <= VERIFIED_FIRST_BYTES) file.verify();
            Optional<PictureFormat> picture = picture(wanted, record.name());
            boolean packed = file.isPacked();
            boolean inflates = packed && (picture.isPresent() || !acceptsGzip(request));
            long share = INFLATER_BYTES + (file instanceof HeldData ? file.bytes() : 0);
            if (inflates && !inflating.tryTake(share)) {
                throw new HttpException(503, "too many files are being inflated for other clients; try again, or ask with"
                        + " Accept-Encoding: gzip for the data as it is stored");
            }
            kept = true;
            FileContent content = inflates ? inflated(file, share) : file;
            if (picture.isPresent()) content = pictures.changed(content, picture.get(), wanted.query().picture());
            boolean sentPacked = packed && content == file;
            return ranges.answer(request, content, reply -> describe(reply, wanted, record, tag, sentPacked));
        } finally {
            if (!kept) file.close();
        }
    }

    /** @param share of the memory, taken; given back when the content is closed, and if it cannot be had */
    private FileContent inflated(StoredContent file, long share) throws IOException {
        return InflatedFile.measure(() -> file.open(0), () -> {
            file.close();
            inflating.giveBack(share);
        });
    }

    private Reply chunked(Request request, Wanted wanted, NeedleMetadata record, String tag, ChunkManifest manifest)
            throws IOException, InterruptedException {
        ManifestPath path = ManifestPath.of(request.header(ManifestPath.HEADER).orElse(""));
        FileContent content = chunks.file(manifest, wanted.id(), path);
        Optional<PictureFormat> picture = picture(wanted, manifest.name());
        if (picture.isPresent()) content = pictures.changed(content, picture.get(), wanted.query().picture());
        return ranges.answer(request, content, reply ->
                head.describe(reply, wanted.url(), wanted.query(), record, tag, manifest));
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
            return Optional.of(head.notModified(record.lastModifiedEpochSeconds(), tag));
        }
        return Optional.empty();
    }

    private boolean isExpired(Wanted wanted, NeedleMetadata record) {
        if (record.ttl().isNone() || wanted.query().readDeleted()) return false;
        Instant now = clock.instant();
        return record.isExpired(now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
    }

    /** The format in which a picture is to be changed; empty if nothing is to be done, or this is no picture. */
    private static Optional<PictureFormat> picture(Wanted wanted, String storedName) {
        PictureRequest request = wanted.query().picture();
        if (request == PictureRequest.NONE) return Optional.empty();
        return PictureFormat.ofExtension(wanted.url().extensionOr(storedName)).filter(request::changes);
    }

    private static boolean acceptsGzip(Request request) {
        String accepted = request.headers().get(HttpHeaderNames.ACCEPT_ENCODING);
        if (accepted == null) return false;
        int gzip = accepted.indexOf("gzip");
        return gzip >= 0 && !(accepted.indexOf(';', gzip) > 0 && GZIP_REFUSED.matcher(accepted).region(gzip, accepted.length())
                .lookingAt());
    }

    private static String tag(NeedleMetadata record) {
        return "\"" + record.etag() + "\"";
    }
}
