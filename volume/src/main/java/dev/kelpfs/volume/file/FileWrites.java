package dev.kelpfs.volume.file;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.RequestBodyException;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * POST and PUT of a file. A small one is taken in and stored on the event loop, if nothing stands in the way; everything
 * else is done by a virtual thread. Called on event loops; safe for all of them.
 *
 * <p>Source: volume server, sections 3.10, 3.11 and 3.13.
 */
final class FileWrites implements LoopHandler {
    /** Bodies up to here are collected on the event loop: what may be appended there, and a form around it. */
    private static final int COLLECTED_BYTES = Volume.INLINE_RECORD_BYTES + (8 << 10);

    /**
     * A volume that is busy is mostly free again when the event loop has served the other connections, or when the thread
     * that holds it has got its processor back, and another thread costs more than all tries in between. Longer than this
     * only a slow disk keeps it.
     */
    private static final long MOST_TRIED_NANOS = 5_000_000;

    /** What a form may have around the file. */
    private static final long FORM_BYTES = 1 << 20;

    /** So much of the memory for bodies is kept for what other servers pass on. */
    private static final int COPY_MEMORY_PART = 4;

    private static final Duration MEMORY_PATIENCE = Duration.ofSeconds(10);

    private final Store store;
    private final WhiteList whiteList;
    private final TokenCheck tokens;
    private final WriteCopies copies;
    private final Throttle throttle;
    private final UploadMemory memory;
    private final UploadMemory copyMemory;
    private final ByteBufAllocator buffers;
    private final long fileLimitBytes;
    private final InstantSource clock;
    private final Ticker ticker;
    private final VolumeMetrics metrics;
    private final Pictures pictures;

    FileWrites(FileServices services, Throttle throttle) {
        this.throttle = throttle;
        this.store = services.store();
        this.whiteList = services.whiteList();
        this.tokens = services.writeTokens();
        this.copies = new WriteCopies(services);
        // Two servers full of uploads that wait for each other must still take each other's copies.
        this.copyMemory = new UploadMemory(services.bodyMemoryBytes() / COPY_MEMORY_PART, services.ticker());
        this.memory = new UploadMemory(
                services.bodyMemoryBytes() - services.bodyMemoryBytes() / COPY_MEMORY_PART, services.ticker());
        this.buffers = services.buffers();
        this.fileLimitBytes = services.fileLimitBytes();
        this.clock = services.clock();
        this.ticker = services.ticker();
        this.metrics = services.metrics();
        this.pictures = services.pictures();
    }

    /**
     * One upload under way.
     *
     * @param volume empty if it is on other servers only
     */
    record Wanted(FileId id, Optional<Volume> volume, UploadQuery query, BodyForm form) {
        /** True if other servers are to store it too. */
        boolean isPassedOn() {
            return !query.replicate() && (volume.isEmpty() || volume.get().placement().copies() > 1);
        }
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        Request request = exchange.request();
        if (!whiteList.admits(request.remoteAddress().getAddress())) {
            exchange.reply(Reply.of(401));
            return;
        }
        Wanted wanted = wanted(request);
        long announced = request.contentLength();
        if (throttle.isOn() && !wanted.query.replicate()) {
            exchange.offload(held -> storeThrottled(held, wanted));
        } else if (wanted.volume.isPresent() && announced != Request.UNKNOWN_LENGTH && announced <= COLLECTED_BYTES
                && !exchange.collectingIsTooDear()) {
            exchange.collect(COLLECTED_BYTES, body -> storeSmall(exchange, wanted, body));
        } else {
            exchange.offload(large -> storeLarge(large, wanted));
        }
    }

    private Wanted wanted(Request request) throws IOException {
        UploadQuery query = query(request);
        FileUrl url = FileUrl.ofUpload(request.path());
        FileId id;
        try {
            url.volume();
            tokens.require(request, url);
            id = url.id();
        } catch (IllegalArgumentException noFileId) {
            throw new HttpException(400, String.valueOf(noFileId.getMessage()));
        }
        BodyForm form = BodyForm.of(request);
        Optional<Volume> volume = store.volume(id.volume());
        if (volume.isEmpty() && query.replicate()) {
            throw new HttpException(500, "volume " + id.volume() + " is not on this server, so no copy can be stored here");
        }
        return new Wanted(id, volume, query, form);
    }

    private UploadQuery query(Request request) {
        if (request.rawQuery().isEmpty()) return UploadQuery.plain(clock.instant());
        Optional<String> fault = request.query().fault();
        if (fault.isPresent()) throw new HttpException(400, fault.get());
        return UploadQuery.of(name -> request.query().first(name).orElse(""), clock.instant());
    }

    private void storeSmall(Exchange exchange, Wanted wanted, ByteBuf body) {
        Request request = exchange.request();
        try {
            Upload upload = UploadParser.inMemory(request, wanted.query, wanted.form, body);
            check(wanted, upload);
            Optional<PreparedFile> prepared = wanted.query.fsync()
                    ? Optional.empty() : PreparedFile.quickly(upload, wanted.query.replicate(), pictures);
            if (prepared.isEmpty()) {
                exchange.offload(slow -> store(slow, wanted, upload));
                return;
            }
            PreparedFile file = prepared.get();
            NeedleDraft draft = draft(request, wanted, upload, file);
            Optional<List<String>> peers = wanted.isPassedOn() ? copies.peersAtOnce(wanted) : Optional.of(List.of());
            if (peers.isPresent()) tryAppend(exchange, new Small(wanted, upload, file, draft, peers.get(), ticker.nanos()));
            else exchange.offload(slow -> append(slow, wanted, upload, file, draft));
        } catch (IOException failed) {
            exchange.fail(failed);
        }
    }

    /**
     * An upload that can be stored on the event loop.
     *
     * @param peers who is to store it too
     * @param sinceNanos when it was tried first, on the monotonic clock
     */
    private record Small(
            Wanted wanted, Upload upload, PreparedFile file, NeedleDraft draft, List<String> peers, long sinceNanos) {
        Volume volume() {
            return wanted.volume.orElseThrow();
        }
    }

    private void tryAppend(Exchange exchange, Small small) {
        AppendResult result;
        try {
            result = small.volume().tryAppend(small.draft);
        } catch (IOException failed) {
            exchange.fail(writeFailed(failed));
            return;
        }
        boolean known = result instanceof AppendResult.Unchanged && !small.peers.isEmpty();
        long tried = ticker.nanos() - small.sinceNanos;
        if (known || result instanceof AppendResult.Busy) {
            if (!known && tried < MOST_TRIED_NANOS) exchange.later(() -> tryAppend(exchange, small));
            else exchange.offload(slow -> append(slow, small.wanted, small.upload, small.file, small.draft));
            return;
        }
        metrics.localWrite(tried);
        Reply reply = answer(exchange.request(), small.wanted, small.upload, small.file, result);
        if (small.peers.isEmpty()) exchange.reply(reply);
        else copies.pass(exchange, small.wanted, small.upload, small.draft, small.peers, reply);
    }

    private Reply storeThrottled(Request request, Wanted wanted) throws IOException, InterruptedException {
        long bytes = Math.max(0, request.contentLength());
        throttle.enter(bytes, request::isAbandoned);
        try {
            return storeLarge(request, wanted);
        } finally {
            throttle.leave(bytes);
        }
    }

    private Reply storeLarge(Request request, Wanted wanted) throws IOException, InterruptedException {
        long announced = request.contentLength();
        if (announced > fileLimitBytes + FORM_BYTES) throw BodyBuffers.overLimit(fileLimitBytes);
        UploadMemory share = wanted.query.replicate() ? copyMemory : memory;
        InetAddress client = request.remoteAddress().getAddress();
        try (BodyBuffers body = new BodyBuffers(share, client, buffers, fileLimitBytes, MEMORY_PATIENCE, ticker)) {
            // Before anything is read: whoever waits for memory takes none.
            body.reserve(announced != Request.UNKNOWN_LENGTH ? announced : BodyBuffers.STEP_BYTES);
            Upload upload = UploadParser.streamed(request, wanted.query, wanted.form, body);
            return store(request, wanted, upload);
        } catch (BodyBuffers.BusyException busy) {
            metrics.uploadHeldBack();
            return Reply.json(503, new FlatJson(false).text("error", String.valueOf(busy.getMessage())).toString())
                    .header("Retry-After", "1");
        }
    }

    private Reply store(Request request, Wanted wanted, Upload upload) throws InterruptedException {
        check(wanted, upload);
        PreparedFile file = PreparedFile.of(upload, wanted.query.replicate(), pictures);
        return append(request, wanted, upload, file, draft(request, wanted, upload, file));
    }

    private void check(Wanted wanted, Upload upload) {
        if (upload.bytes() > fileLimitBytes) throw BodyBuffers.overLimit(fileLimitBytes);
        if (wanted.query.manifest()) ManifestUpload.check(wanted.id, upload);
    }

    private Reply append(Request request, Wanted wanted, Upload upload, PreparedFile file, NeedleDraft draft) {
        if (wanted.volume.isEmpty()) {
            copies.forward(request, wanted, upload, draft);
            return UploadAnswers.stored(request, upload, file, draft.checksum());
        }
        Volume volume = wanted.volume.get();
        Optional<List<String>> peers = wanted.isPassedOn() ? Optional.of(copies.peers(wanted)) : Optional.empty();
        // With copies elsewhere the syncs of all servers run side by side.
        boolean syncNow = wanted.query.fsync() && peers.isEmpty();
        long start = ticker.nanos();
        try {
            AppendResult result = volume.append(draft, syncNow ? Durability.POWER_LOSS : Durability.PROCESS_DEATH);
            metrics.localWrite(ticker.nanos() - start);
            Reply reply = answer(request, wanted, upload, file, result);
            if (peers.isPresent()) copies.passAndWait(request, wanted, upload, draft, result, peers.get());
            return reply;
        } catch (IOException failed) {
            throw writeFailed(failed);
        }
    }

    private static NeedleDraft draft(Request request, Wanted wanted, Upload upload, PreparedFile file) {
        NeedleDraft.Builder draft = NeedleDraft.of(wanted.id.key(), wanted.id.cookie())
                .data(file.data())
                .name(upload.name())
                .mime(upload.mime())
                .lastModified(wanted.query.modifiedEpochSeconds())
                .ttl(wanted.query.ttl())
                .compressed(file.compressed())
                .manifest(wanted.query.manifest());
        byte[] pairs = Pairs.toKeep(request.headers(), wanted.query.replicate());
        if (pairs.length > 0) draft.pairs(pairs);
        if (wanted.query.replicate()) draft.exactly();
        return draft.build();
    }

    private Reply answer(Request request, Wanted wanted, Upload upload, PreparedFile file, AppendResult result) {
        return switch (result) {
            case AppendResult.Stored(int dataBytes, int checksum, long epochNanos) ->
                UploadAnswers.stored(request, upload, file, checksum);
            case AppendResult.Unchanged(int dataBytes, int checksum) -> UploadAnswers.unchanged(file, checksum);
            case AppendResult.WrongCookie _ -> throw refused("mismatching cookie " + wanted.id.cookie()
                    + ": another file has this key; ask a master for an id of its own");
            case AppendResult.ReadOnly(var reason) ->
                throw refused("volume " + wanted.id.volume() + " is read only: " + reason);
            case AppendResult.VolumeFull(var detail) -> throw refused("volume " + wanted.id.volume() + " is full: " + detail);
            case AppendResult.DiskFull(var detail) -> throw refused(detail);
            case AppendResult.Unmounted _ -> throw refused("volume " + wanted.id.volume() + " was unmounted just now");
            case AppendResult.Busy _ -> UploadAnswers.busy(request);
        };
    }

    private HttpException refused(String reason) {
        metrics.writeFailed();
        return new HttpException(500, "failed to write to local disk: " + reason);
    }

    private HttpException writeFailed(IOException failed) {
        return refused(String.valueOf(failed.getMessage()));
    }
}
