package dev.kelpfs.client;

import dev.kelpfs.client.Uploads.Piece;
import dev.kelpfs.core.FileId;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client of a cluster: stores, reads and deletes files. One instance serves a whole program; it is safe for all threads
 * and every method blocks its caller, for a bounded time. Close it at the end.
 *
 * <pre>{@code
 * try (KelpClient kelp = KelpClient.connect(ClientOptions.of(ServerAddress.parse("localhost:9333")))) {
 *     StoredFile stored = kelp.put(NewFile.of("hello".getBytes(UTF_8)).named("hello.txt"), Placement.DEFAULT);
 *     byte[] content = kelp.get(stored.id()).orElseThrow().readAll();
 *     kelp.delete(stored.id());
 * }
 * }</pre>
 */
public final class KelpClient implements AutoCloseable {
    static final int MOST_FOLLOWED_VOLUMES = 1_000_000;

    private final ClientOptions options;
    private final ExecutorService threads;
    private final RpcRuntime runtime;
    private final RpcChannels channels;
    private final MasterFollower follower;
    private final AtomicBoolean following = new AtomicBoolean();
    private final MasterCalls masters;
    private final Locations locations;
    private final Uploads uploads;
    private final Reads reads;
    private final Deletes deletes;
    private final BatchDeletes batchDeletes;

    private KelpClient(ClientOptions options) {
        this.options = options;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "kelp-client");
            thread.setDaemon(true);
            return thread;
        });
        SecureRandom random = new SecureRandom();
        this.runtime = RpcRuntime.start(1, threads);
        this.channels = new RpcChannels(runtime);
        LocationMap map = new LocationMap(MOST_FOLLOWED_VOLUMES);
        KeepConnectedRequest hello =
                KeepConnectedRequest.newBuilder().setClientType("client").setDataCenter(options.habits().dataCenter()).build();
        this.follower = new MasterFollower(options.masters(), channels, map, hello, options.ticker());
        this.masters = new MasterCalls(options, channels, follower);
        this.locations = new Locations(options, map, masters::locate, random);
        VolumeCalls volumes = new VolumeCalls(options, threads);
        Tokens tokens = new Tokens(masters, options, threads);
        this.uploads = new Uploads(
                masters, volumes, random, options,
                new FailedWriteReports(masters::likelyLeader, channels, options.ticker()));
        this.reads = new Reads(locations, volumes, tokens, options);
        this.deletes = new Deletes(locations, volumes, tokens, options);
        this.batchDeletes = new BatchDeletes(masters, deletes, volumes, channels, options, threads);
    }

    /** Makes a client. Nothing is sent before the first request. */
    public static KelpClient connect(ClientOptions options) {
        return new KelpClient(options);
    }

    /**
     * Reserves {@code count} file ids that nobody else gets.
     *
     * @throws KelpException if no master gave any within the client's patience, or one refused; the message says why
     */
    public Assignment assign(Placement placement, long count) throws KelpException {
        if (count < 1) throw new IllegalArgumentException("at least one id must be asked for, got " + count);
        return masters.assign(placement, count);
    }

    /**
     * Stores a file under a new id; in chunks if it is larger than {@link ClientOptions.Chunks#bytes}. When a volume server
     * fails, another id is asked for, and what the first server may have stored is deleted as far as it can be reached.
     *
     * @throws KelpException if it could not be stored; a refusal (too large, not allowed) is not tried again
     */
    public StoredFile put(NewFile file, Placement placement) throws KelpException {
        return store(file, placement, piece -> uploads.put(piece, placement));
    }

    /**
     * Stores a file under the id of an assignment; in chunks, with ids of their own, if it is large. Used again, it replaces
     * the content.
     *
     * @throws KelpException if the servers failed or refused; whether the file was stored is then unknown
     */
    public StoredFile upload(Assignment place, NewFile file) throws KelpException {
        return store(file, place.placement(), piece -> uploads.put(piece, place));
    }

    /**
     * Opens a file for reading. Every server that holds its volume is tried.
     *
     * @return nothing if there is no such file, or the cookie of the id is wrong
     * @throws KelpException if no server that holds the volume answered
     */
    public Optional<FileContent> get(FileId id) throws KelpException {
        follow();
        return reads.open(id, Optional.empty());
    }

    /**
     * Opens a part of a file.
     *
     * @return nothing if there is no such file, or the cookie of the id is wrong
     * @throws KelpException with status 416 if the range begins behind the end; or as with {@link #get(FileId)}
     */
    public Optional<FileContent> get(FileId id, ByteRange range) throws KelpException {
        follow();
        return reads.open(id, Optional.of(range));
    }

    /** What is known of a file, without its content. @return nothing if there is no such file */
    public Optional<FileInfo> info(FileId id) throws KelpException {
        follow();
        return reads.info(id);
    }

    /**
     * Deletes a file with all its copies and chunks.
     *
     * @return false if there was none
     * @throws KelpException if the servers refused or could not be reached; trying again does no harm
     */
    public boolean delete(FileId id) throws KelpException {
        follow();
        return deletes.delete(id);
    }

    /**
     * Deletes many files with few requests.
     *
     * @return one outcome for each id, in the order of the ids
     * @throws KelpException if the masters could not be asked; nothing was deleted then
     */
    public List<DeleteOutcome> deleteAll(Collection<FileId> ids) throws KelpException {
        return batchDeletes.delete(ids);
    }

    /** The servers that hold a volume, in the order in which to try them. Empty if there is no such volume. */
    public List<Location> locate(VolumeId volume) throws KelpException {
        follow();
        return locations.find(volume);
    }

    /**
     * What the masters of the cluster were told at their start.
     *
     * @throws KelpException if none of them answered within the client's patience
     */
    public ClusterSettings settings() throws KelpException {
        return masters.settings();
    }

    /** Ends all requests under way. */
    @Override
    public void close() {
        follower.close();
        masters.close();
        channels.close();
        runtime.close();
        threads.shutdownNow();
    }

    /** From the first request on that needs to know where something lies. */
    private void follow() {
        if (options.habits().follow() && following.compareAndSet(false, true)) follower.start();
    }

    private StoredFile store(NewFile file, Placement placement, ChunkedUpload.LastStep step) throws KelpException {
        int limit = options.chunks().bytes() == 0 ? Integer.MAX_VALUE - 8 : options.chunks().bytes();
        if (file.content() instanceof Content.Once once) {
            byte[] begun = read(once.in(), limit, file.name());
            if (begun.length < limit) return inOnePiece(file, new Content.InMemory(begun), step);
            return chunked(placement).store(file, begun, once.in(), -1, step);
        }
        Content.Repeatable content = (Content.Repeatable) file.content();
        boolean onePiece = options.chunks().bytes() == 0 || content.bytes() <= limit;
        if (onePiece) return inOnePiece(file, content, step);
        try (InputStream in = content.open(0)) {
            return chunked(placement).store(file, new byte[0], in, content.bytes(), step);
        } catch (KelpException known) {
            throw known;
        } catch (IOException unreadable) {
            throw new KelpException("cannot read the content of " + file.name() + ": " + unreadable, unreadable);
        }
    }

    private static StoredFile inOnePiece(NewFile file, Content.Repeatable content, ChunkedUpload.LastStep step)
            throws KelpException {
        StoredFile stored = step.store(new Piece(file, content, false));
        file.stored(stored.bytes());
        return stored;
    }

    private ChunkedUpload chunked(Placement placement) {
        return new ChunkedUpload(uploads, placement, options.chunks(), threads, this::discard);
    }

    private void discard(List<FileId> ids) {
        try {
            if (!ids.isEmpty()) batchDeletes.delete(ids);
        } catch (KelpException unreachable) {
            // Nobody knows the ids, so copies left behind are only lost space.
        }
    }

    private static byte[] read(InputStream in, int limit, String name) throws KelpException {
        try {
            return in.readNBytes(limit);
        } catch (IOException failed) {
            throw new KelpException("cannot read the content of " + name + ": " + failed, failed);
        }
    }
}
