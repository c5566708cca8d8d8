package dev.kelpfs.volume.file;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.RequestBodyException;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.volume.guard.WhiteList;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
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

    /** A volume that is busy is mostly free again when the event loop has served the other connections. */
    private static final int MOST_TRIES = 4;

    /** What a form may have around the file. */
    private static final long FORM_BYTES = 1 << 20;

    private static final Duration MEMORY_PATIENCE = Duration.ofSeconds(10);

    private final Store store;
    private final WhiteList whiteList;
    private final TokenCheck tokens;
    private final Throttle throttle;
    private final BodyMemory memory;
    private final ByteBufAllocator buffers;
    private final long fileLimitBytes;
    private final InstantSource clock;
    private final Ticker ticker;
    private final VolumeMetrics metrics;
    private final Pictures pictures;

    FileWrites(FileServices services, Throttle throttle, BodyMemory memory) {
        this.throttle = throttle;
        this.store = services.store();
        this.whiteList = services.whiteList();
        this.tokens = services.writeTokens();
        this.memory = memory;
        this.buffers = services.buffers();
        this.fileLimitBytes = services.fileLimitBytes();
        this.clock = services.clock();
        this.ticker = services.ticker();
        this.metrics = services.metrics();
        this.pictures = services.pictures();
    }

    /** One upload under way. */
    private record Wanted(FileId id, Volume volume, UploadQuery query, BodyForm form) {}

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
        } else if (announced != Request.UNKNOWN_LENGTH && announced <= COLLECTED_BYTES) {
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
        Volume volume = store.volume(id.volume()).orElseThrow(() -> new HttpException(500, "volume " + id.volume()
                + " is not on this server; ask the master where it is, or for another place to write"));
        if (volume.placement().copies() > 1 && !query.replicate()) {
            throw new HttpException(500, "volume " + id.volume() + " keeps " + volume.placement().copies()
                    + " copies, and replication to other servers is not built yet; write to a volume with replication 000");
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
            tryAppend(exchange, wanted, upload, file, draft(request, wanted, upload, file), 1);
        } catch (IOException failed) {
            exchange.fail(failed);
        }
    }

    private void tryAppend(
            Exchange exchange, Wanted wanted, Upload upload, PreparedFile file, NeedleDraft draft, int tries) {
        long start = ticker.nanos();
        AppendResult result;
        try {
            result = wanted.volume.tryAppend(draft);
        } catch (IOException failed) {
            exchange.fail(writeFailed(failed));
            return;
        }
        if (result instanceof AppendResult.Busy) {
            if (tries < MOST_TRIES) exchange.later(() -> tryAppend(exchange, wanted, upload, file, draft, tries + 1));
            else exchange.offload(slow -> append(slow, wanted, upload, file, draft));
            return;
        }
        metrics.localWrite(ticker.nanos() - start);
        exchange.reply(answer(exchange.request(), wanted, upload, file, result));
    }

    private Reply storeThrottled(Request request, Wanted wanted) throws IOException, InterruptedException {
        long bytes = Math.max(0, request.contentLength());
        throttle.enter(bytes);
        try {
            return storeLarge(request, wanted);
        } finally {
            throttle.leave(bytes);
        }
    }

    private Reply storeLarge(Request request, Wanted wanted) throws IOException, InterruptedException {
        long announced = request.contentLength();
        if (announced > fileLimitBytes + FORM_BYTES) throw BodyBuffers.overLimit(fileLimitBytes);
        try (BodyBuffers body = new BodyBuffers(memory, buffers, fileLimitBytes, MEMORY_PATIENCE)) {
            if (announced != Request.UNKNOWN_LENGTH) body.reserve(announced);
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
        long start = ticker.nanos();
        try {
            Durability durability = wanted.query.fsync() ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
            AppendResult result = wanted.volume.append(draft, durability);
            metrics.localWrite(ticker.nanos() - start);
            return answer(request, wanted, upload, file, result);
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
        Map<String, String> pairs = pairs(request);
        if (!pairs.isEmpty()) draft.pairs(Pairs.encode(pairs));
        return draft.build();
    }

    private static Map<String, String> pairs(Request request) {
        Map<String, String> pairs = Map.of();
        for (var headers = request.headers().iteratorCharSequence(); headers.hasNext(); ) {
            Map.Entry<CharSequence, CharSequence> header = headers.next();
            if (!Pairs.isPair(header.getKey())) continue;
            if (pairs.isEmpty()) pairs = new LinkedHashMap<>();
            pairs.putIfAbsent(
                    Pairs.storedName(header.getKey().toString()), HeaderText.fromWire(header.getValue().toString()));
        }
        return pairs;
    }

    private Reply answer(Request request, Wanted wanted, Upload upload, PreparedFile file, AppendResult result) {
        return switch (result) {
            case AppendResult.Stored(int dataBytes, int checksum, long epochNanos) ->
                UploadAnswers.stored(request, upload, file, checksum);
            case AppendResult.Unchanged(int dataBytes, int checksum) -> UploadAnswers.unchanged(file, checksum);
            case AppendResult.WrongCookie _ -> throw refused("mismatching cookie " + wanted.id.cookie());
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
