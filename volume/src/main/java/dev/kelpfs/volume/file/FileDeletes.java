package dev.kelpfs.volume.file;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.FileId;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.BlockingHandler;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.DeleteResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.FoundNeedle;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.volume.manifest.ChunkManifest;
import dev.kelpfs.volume.manifest.ManifestPath;
import dev.kelpfs.volume.replication.CopyOutcome;
import dev.kelpfs.volume.replication.Peers;
import dev.kelpfs.volume.replication.Replicas;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DELETE of a file. The record is read first: a damaged, expired or missing one is answered 404, as there is nothing that
 * a client could lose by it. For virtual threads.
 *
 * <p>Source: volume server, section 3.12.
 */
final class FileDeletes implements BlockingHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FileDeletes.class);
    private static final VolumeId NO_VOLUME = new VolumeId(0);
    private static final int WHOLE_RECORD_BYTES = 1 << 20;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Store store;
    private final WhiteList whiteList;
    private final TokenCheck tokens;
    private final Chunks chunks;
    private final Replicas replicas;
    private final InstantSource clock;

    FileDeletes(FileServices services) {
        this.store = services.store();
        this.whiteList = services.whiteList();
        this.tokens = services.writeTokens();
        this.chunks = services.chunks();
        this.replicas = services.replicas();
        this.clock = services.clock();
    }

    @Override
    public Reply handle(Request request) throws InterruptedException {
        if (!whiteList.admits(request.remoteAddress().getAddress())) return Reply.of(401);
        FileUrl url = FileUrl.of(request.path());
        FileId id = id(url);
        tokens.require(request, url);
        ManifestPath path = ManifestPath.of(request.header(ManifestPath.HEADER).orElse(""));
        Gone gone = delete(request, id, path, new ToPeers(request.rawPath(), tokens.toPassOn(request)));
        return Reply.json(gone.status, new FlatJson(UploadAnswers.isPretty(request))
                .numberAlways("size", gone.bytes).toString());
    }

    /**
     * A file that is not there any more.
     *
     * @param status 202, or 404 if it was not there before
     * @param bytes what the answer calls its size
     */
    private record Gone(int status, long bytes) {
        static final Gone BEFORE = new Gone(404, 0);
    }

    private Gone delete(Request request, FileId id, ManifestPath path, ToPeers toPeers) throws InterruptedException {
        Optional<Volume> mounted = store.volume(id.volume());
        if (mounted.isEmpty()) return Gone.BEFORE;
        Volume volume = mounted.get();
        if (!(volume.find(id.key()) instanceof FindResult.Hit(var needle))) {
            // An earlier try may have deleted it here and failed elsewhere, or a write may have reached the others only.
            long elsewhere = deleteElsewhere(volume, toPeers, peers(request, volume));
            return elsewhere > 0 ? new Gone(202, elsewhere) : Gone.BEFORE;
        }
        boolean empty = needle.isEmpty();
        Optional<NeedleMetadata> record = read(volume, needle, request);
        if (record.isEmpty()) return Gone.BEFORE;
        if (!empty && !record.get().hasCookie(id.cookie())) {
            throw new HttpException(400, "File Random Cookie does not match.");
        }
        boolean chunked = record.get().isManifest() && !isReplicate(request);
        long wholeBytes = chunked ? deleteChunks(request, id, path) : 0;
        Gone gone = delete(request, volume, id, empty, toPeers);
        return chunked ? new Gone(gone.status, wholeBytes) : gone;
    }

    /** Deletes what a manifest lists, before the manifest itself is deleted. @return the size that the manifest tells */
    private long deleteChunks(Request request, FileId id, ManifestPath path) throws InterruptedException {
        try {
            ChunkManifest manifest = chunks.manifestOf(id)
                    .orElseThrow(() -> new HttpException(500, "Load chunks manifest error: the file is marked as a chunk manifest,"
                            + " and its content is none; nothing was deleted"));
            chunks.deleteAll(manifest, path.with(id), (chunk, inner) ->
                    delete(request, chunk, inner, new ToPeers("/" + chunk, tokens.issue(chunk))));
            return manifest.sizeBytes();
        } catch (IOException unreadable) {
            throw new HttpException(500, "Load chunks manifest error: " + unreadable.getMessage() + "; nothing was deleted");
        }
    }

    private static boolean isReplicate(Request request) {
        return request.parameter("type").orElse("").equals("replicate");
    }

    private static FileId id(FileUrl url) {
        VolumeId volume;
        try {
            volume = url.volume();
        } catch (IllegalArgumentException noVolume) {
            volume = NO_VOLUME;
        }
        try {
            return FileId.of(volume, url.keyText());
        } catch (IllegalArgumentException noKey) {
            throw new HttpException(400, "Invalid fid: " + noKey.getMessage());
        }
    }

    /** What the record says, read on a thread of its disk; empty if it cannot be read or has expired. */
    private Optional<NeedleMetadata> read(Volume volume, FoundNeedle needle, Request request) {
        try (needle) {
            NeedleMetadata record = new DiskPool(store.diskExecutor(volume)).call(() ->
                    needle.recordBytes() <= WHOLE_RECORD_BYTES ? needle.readRecord().metadata() : needle.readMetadata());
            Instant now = clock.instant();
            boolean expired = record.isExpired(now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
            return expired ? Optional.empty() : Optional.of(record);
        } catch (IOException unreadable) {
            LOG.error("DELETE {}: the record cannot be read: {}", request.rawPath(), unreadable.getMessage());
            return Optional.empty();
        }
    }

    private Gone delete(Request request, Volume volume, FileId id, boolean empty, ToPeers toPeers) {
        List<String> peers = peers(request, volume);
        try {
            Optional<Cookie> cookie = empty ? Optional.empty() : Optional.of(id.cookie());
            return switch (volume.delete(id.key(), cookie, Durability.PROCESS_DEATH)) {
                case DeleteResult.Deleted(int bodyBytes) -> {
                    deleteElsewhere(volume, toPeers, peers);
                    yield new Gone(202, bodyBytes);
                }
                case DeleteResult.NotFound _ -> {
                    // Somebody else deletes it in this moment; it is gone when this is answered, too.
                    deleteElsewhere(volume, toPeers, peers);
                    yield Gone.BEFORE;
                }
                case DeleteResult.Unmounted _ -> Gone.BEFORE;
                case DeleteResult.WrongCookie _ -> throw new HttpException(400, "File Random Cookie does not match.");
                case DeleteResult.ReadOnly(var reason) ->
                    throw new HttpException(500, "Deletion Failed: volume " + volume.id() + " is read only: " + reason);
                case DeleteResult.DiskFull(var detail) -> throw new HttpException(500, "Deletion Failed: " + detail);
                case DeleteResult.Busy _ ->
                    throw new HttpException(503, "too many writes wait for this disk; try again in a moment");
            };
        } catch (IOException failed) {
            throw new HttpException(500, "Deletion Failed: " + failed.getMessage());
        }
    }

    /**
     * The same delete for other servers.
     *
     * @param rawPath path of the file, encoded
     * @param token admits to it; empty for none
     */
    private record ToPeers(String rawPath, String token) {}

    /** Who is to delete it too; nobody for a volume of one copy, and for who passes on what was deleted elsewhere. */
    private List<String> peers(Request request, Volume volume) {
        int copies = volume.placement().copies();
        if (copies == 1 || isReplicate(request)) return List.of();
        return switch (replicas.peers(volume.id(), copies)) {
            case Peers.At(var urls) -> urls;
            case Peers.Lacking(var reason) -> throw new HttpException(500, "Deletion Failed: " + reason);
        };
    }

    /** @return body size of the record that was deleted there, 0 if there was none */
    private long deleteElsewhere(Volume volume, ToPeers toPeers, List<String> peers) {
        if (peers.isEmpty()) return 0;
        return switch (replicas.delete(volume.id(), toPeers.rawPath, toPeers.token, peers)) {
            case CopyOutcome.Everywhere(long deletedBytes) -> deletedBytes;
            case CopyOutcome.Failed(var reason) -> throw new HttpException(
                    500, "Deletion Failed: it is not deleted on all servers: " + reason + "; delete it again");
        };
    }
}
