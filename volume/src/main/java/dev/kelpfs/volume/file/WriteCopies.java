package dev.kelpfs.volume.file;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.needle.NeedleChecksum;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.volume.file.FileWrites.Wanted;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import dev.kelpfs.volume.replication.CopyOfWrite;
import dev.kelpfs.volume.replication.CopyOutcome;
import dev.kelpfs.volume.replication.Peers;
import dev.kelpfs.volume.replication.Replicas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The part of an upload that concerns the other servers with its volume. They store what this server has stored: when it
 * found the data there already, as with a client that tries again, they get the name and times of the stored record, so
 * that all copies end equal.
 *
 * <p>Source: volume server, section 3.13.
 */
final class WriteCopies {
    private final Store store;
    private final Replicas replicas;
    private final TokenCheck tokens;
    private final Ticker ticker;
    private final VolumeMetrics metrics;

    WriteCopies(FileServices services) {
        this.store = services.store();
        this.replicas = services.replicas();
        this.tokens = services.writeTokens();
        this.ticker = services.ticker();
        this.metrics = services.metrics();
    }

    /** The peers, if they are known without waiting. For event loops. */
    Optional<List<String>> peersAtOnce(Wanted wanted) {
        return replicas.peersAtOnce(wanted.id().volume(), copies(wanted));
    }

    /**
     * The peers; may block.
     *
     * @throws HttpException 500 if they are too few; nothing must be written then
     */
    List<String> peers(Wanted wanted) {
        return require(replicas.peers(wanted.id().volume(), copies(wanted)));
    }

    private static int copies(Wanted wanted) {
        return wanted.volume().orElseThrow().placement().copies();
    }

    private List<String> require(Peers peers) {
        return switch (peers) {
            case Peers.At(var urls) -> urls;
            case Peers.Lacking(var reason) -> {
                metrics.copyFailed();
                throw new HttpException(500, reason);
            }
        };
    }

    /** Passes on what was stored on the event loop, and answers when all have it. */
    void pass(Exchange exchange, Wanted wanted, Upload upload, NeedleDraft draft, List<String> peers, Reply reply) {
        long start = ticker.nanos();
        VolumeId volume = wanted.id().volume();
        replicas.write(volume, copy(exchange.request(), wanted, upload, draft), peers, outcome -> {
            metrics.copiedWrite(ticker.nanos() - start);
            switch (outcome) {
                case CopyOutcome.Everywhere _ -> exchange.reply(reply);
                case CopyOutcome.Failed(var reason) -> {
                    reply.release();
                    exchange.fail(failed(reason));
                }
            }
        });
    }

    /**
     * The same for virtual threads: returns when all have it, and it is synced here too if that was asked for.
     *
     * @throws HttpException 500 if some have it not
     * @throws IOException if the sync failed
     */
    void passAndWait(Request request, Wanted wanted, Upload upload, NeedleDraft draft, AppendResult result, List<String> peers)
            throws IOException {
        Volume volume = wanted.volume().orElseThrow();
        CopyOfWrite fresh = copy(request, wanted, upload, draft);
        CopyOfWrite copy = result instanceof AppendResult.Unchanged ? stored(volume, draft, fresh) : fresh;
        long start = ticker.nanos();
        CompletableFuture<CopyOutcome> outcome = begin(wanted, copy, peers);
        try {
            if (wanted.query().fsync()) volume.sync();
        } finally {
            // The data is in use until then, whatever became of the sync.
            outcome.join();
        }
        metrics.copiedWrite(ticker.nanos() - start);
        require(outcome.join());
    }

    /**
     * Passes an upload to a volume that is not here on to the servers that have it, and waits.
     *
     * @throws HttpException 500 if there are none, or some did not store it
     */
    void forward(Request request, Wanted wanted, Upload upload, NeedleDraft draft) {
        List<String> holders = require(replicas.holders(wanted.id().volume()));
        require(begin(wanted, copy(request, wanted, upload, draft), holders).join());
    }

    private CompletableFuture<CopyOutcome> begin(Wanted wanted, CopyOfWrite copy, List<String> peers) {
        CompletableFuture<CopyOutcome> outcome = new CompletableFuture<>();
        replicas.write(wanted.id().volume(), copy, peers, outcome::complete);
        return outcome;
    }

    private void require(CopyOutcome outcome) {
        if (outcome instanceof CopyOutcome.Failed(var reason)) throw failed(reason);
    }

    private HttpException failed(String reason) {
        metrics.copyFailed();
        return new HttpException(500, "failed to write to replicas: " + reason + "; send the file again");
    }

    private CopyOfWrite copy(Request request, Wanted wanted, Upload upload, NeedleDraft draft) {
        UploadQuery query = wanted.query();
        return new CopyOfWrite(
                request.rawPath(), draft.data(), draft.checksum(), draft.isCompressed(), query.manifest(), upload.name(),
                upload.mime(), Pairs.of(request.headers()), query.modifiedEpochSeconds(), query.ttl(), query.fsync(),
                tokens.toPassOn(request));
    }

    /** The copy of the record that holds this data already; if something else lies there by now, its writer passes that on. */
    private CopyOfWrite stored(Volume volume, NeedleDraft draft, CopyOfWrite fresh) throws IOException {
        if (!(volume.find(draft.key()) instanceof FindResult.Hit(var needle))) return fresh;
        try (needle) {
            NeedleMetadata record = new DiskPool(store.diskExecutor(volume)).call(needle::readMetadata);
            if (!NeedleChecksum.matches(record.checksum(), draft.checksum())) return fresh;
            ByteBuffer pairs = record.pairs();
            byte[] json = new byte[pairs.remaining()];
            pairs.get(json);
            return new CopyOfWrite(
                    fresh.rawPath(), fresh.data(), fresh.checksum(), record.isCompressed(), record.isManifest(), record.name(),
                    record.mime(), Pairs.decode(json), record.lastModifiedEpochSeconds(),
                    record.ttl(), fresh.fsync(), fresh.token());
        }
    }
}
