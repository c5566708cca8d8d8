package dev.kelpfs.volume.file;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.FoundNeedle;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GET and HEAD of a file. A record of up to {@value #WHOLE_RECORD_BYTES} bytes is read in one piece: on the event loop if
 * it is in the page cache, else on a thread of its disk. A larger one is streamed by a virtual thread. Called on event
 * loops; safe for all of them.
 *
 * <p>Source: volume server, sections 3.4 and 3.14. What is refused in any case is refused before it could be held back: the
 * reference has requests with a bad token, and for files that are not there, wait first.
 */
final class FileReads implements LoopHandler {
    /** Records up to here are held in memory while they are sent. */
    static final int WHOLE_RECORD_BYTES = 128 << 10;

    /** The same when many clients are slow to take their answers. */
    private static final int SMALL_RECORD_BYTES = 16 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(FileReads.class);

    private final Store store;
    private final TokenCheck tokens;
    private final FileAnswers answers;
    private final ElsewhereReads elsewhere;
    private final Throttle throttle;
    private final VolumeMetrics metrics;

    FileReads(FileServices services, FileAnswers answers, ElsewhereReads elsewhere, Throttle throttle) {
        this.throttle = throttle;
        this.store = services.store();
        this.tokens = services.readTokens();
        this.answers = answers;
        this.elsewhere = elsewhere;
        this.metrics = services.metrics();
    }

    @Override
    public void handle(Exchange exchange) {
        Request request = exchange.request();
        FileUrl url = FileUrl.of(request.path());
        tokens.require(request, url);
        FileId id;
        try {
            id = url.id();
        } catch (IllegalArgumentException noFileId) {
            throw new HttpException(400, "the path names no file: " + noFileId.getMessage()
                    + "; expected a volume id, a comma, key and cookie in hex, such as /3,01637037d6");
        }
        Optional<Volume> volume = store.volume(id.volume());
        if (volume.isEmpty()) {
            elsewhere.read(exchange, url, id.volume());
            return;
        }
        Wanted wanted = new Wanted(url, id, ReadQuery.of(request), volume.get());
        if (throttle.isOn()) exchange.offload(held -> readThrottled(exchange, wanted));
        else read(exchange, wanted);
    }

    /** One read under way. */
    record Wanted(FileUrl url, FileId id, ReadQuery query, Volume volume) {
        FindResult find() {
            NeedleKey key = id.key();
            return query.readDeleted() ? volume.findEvenDeleted(key) : volume.find(key);
        }
    }

    private void read(Exchange exchange, Wanted wanted) {
        switch (wanted.find()) {
            case FindResult.Missing _, FindResult.Deleted _, FindResult.Unmounted _ -> exchange.reply(notFound());
            case FindResult.Hit(var needle) -> {
                if (needle.isEmpty()) {
                    needle.close();
                    exchange.reply(answers.empty(exchange.request(), wanted));
                } else if (needle.recordBytes() <= (exchange.streamsAreBetter() ? SMALL_RECORD_BYTES : WHOLE_RECORD_BYTES)) {
                    readWhole(exchange, wanted, needle);
                } else {
                    needle.close();
                    exchange.offload(request -> readStreamed(exchange, wanted, () -> { }));
                }
            }
        }
    }

    private void readWhole(Exchange exchange, Wanted wanted, FoundNeedle needle) {
        int bytes = (int) needle.recordBytes();
        ByteBuf record = exchange.allocator().directBuffer(bytes, bytes);
        ByteBuffer target = record.nioBuffer(0, bytes);
        boolean kept = false;
        try {
            if (!needle.readNow(target)) {
                kept = true;
                exchange.offload(request -> readRest(exchange, wanted, needle, record, target));
                return;
            }
            NeedleRecord parsed = needle.parse(target);
            ByteBuf data = record.slice(parsed.dataAt(), parsed.dataBytes());
            kept = true;
            needle.close();
            if (FileAnswers.isSentAsStored(exchange.request(), wanted, parsed.metadata(), data)) {
                exchange.reply(answers.stored(exchange, wanted, parsed.metadata(), data));
            } else {
                exchange.offload(request -> worked(request, wanted, new HeldData(parsed.metadata(), data)));
            }
        } catch (IOException failed) {
            exchange.reply(failed(exchange.request(), failed));
        } finally {
            if (!kept) giveBack(needle, record);
        }
    }

    /** Goes on where the page cache ended, on a virtual thread. Owns needle and buffer. */
    private Reply readRest(Exchange exchange, Wanted wanted, FoundNeedle needle, ByteBuf record, ByteBuffer target)
            throws InterruptedException {
        boolean kept = false;
        try {
            new DiskPool(store.diskExecutor(wanted.volume())).call(() -> {
                needle.read(target);
                return target;
            });
            NeedleRecord parsed = needle.parse(target);
            ByteBuf data = record.slice(parsed.dataAt(), parsed.dataBytes());
            kept = true;
            needle.close();
            return FileAnswers.isSentAsStored(exchange.request(), wanted, parsed.metadata(), data)
                    ? answers.stored(exchange, wanted, parsed.metadata(), data)
                    : worked(exchange.request(), wanted, new HeldData(parsed.metadata(), data));
        } catch (IOException failed) {
            return failed(exchange.request(), failed);
        } finally {
            if (!kept) giveBack(needle, record);
        }
    }

    /**
     * Held back by what other answers carry: another copy of the volume is asked, or else the request waits. The answer is
     * streamed, which tells when it is out.
     */
    private Reply readThrottled(Exchange exchange, Wanted wanted) throws InterruptedException {
        Request request = exchange.request();
        if (!(wanted.find() instanceof FindResult.Hit(var needle))) return notFound();
        long bytes = needle.bodyBytes();
        boolean empty = needle.isEmpty();
        needle.close();
        if (empty) return answers.empty(request, wanted);
        if (throttle.isFull() && wanted.volume().placement().copies() > 1) {
            Optional<Reply> fromAnother = elsewhere.readAnotherCopy(request, wanted.url(), wanted.id().volume());
            if (fromAnother.isPresent()) {
                metrics.downloadHeldBack();
                return fromAnother.get();
            }
        }
        throttle.enter(bytes, request::isAbandoned);
        return readStreamed(exchange, wanted, () -> throttle.leave(bytes));
    }

    /** @param closing called once, when the data was sent or will not be */
    private Reply readStreamed(Exchange exchange, Wanted wanted, Runnable closing) throws InterruptedException {
        if (!(wanted.find() instanceof FindResult.Hit(var needle))) {
            closing.run();
            return notFound();
        }
        boolean kept = false;
        try {
            DiskPool disk = new DiskPool(store.diskExecutor(wanted.volume()));
            StoredFile file = new StoredFile(needle, disk.call(needle::readMetadata), disk, exchange.allocator(), closing);
            kept = true;
            return worked(exchange.request(), wanted, file);
        } catch (IOException failed) {
            return failed(exchange.request(), failed);
        } finally {
            if (!kept) {
                needle.close();
                closing.run();
            }
        }
    }

    /** An answer that takes more than sending what is stored. */
    private Reply worked(Request request, Wanted wanted, StoredContent file) throws InterruptedException {
        try {
            return answers.worked(request, wanted, file);
        } catch (IOException failed) {
            return failed(request, failed);
        }
    }

    private Reply notFound() {
        metrics.fileNotFound();
        return Reply.of(404);
    }

    private Reply failed(Request request, IOException failure) {
        if (failure instanceof DamagedRecordException || failure instanceof DamagedDataException) metrics.damagedRecord();
        metrics.readFailed();
        LOG.error("{} {} failed: {}", request.method(), request.rawPath(), failure.getMessage());
        return Reply.of(500);
    }

    private static void giveBack(FoundNeedle needle, ByteBuf record) {
        needle.close();
        record.release();
    }
}
