package dev.kelpfs.client;

import dev.kelpfs.client.ChunkManifest.Chunk;
import dev.kelpfs.client.Uploads.Piece;
import dev.kelpfs.core.FileId;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One large file on its way: parts are read one after the other, stored in parallel under ids of their own, and the list of
 * them is stored last, so that nobody sees half a file. If anything fails, the parts stored so far are deleted. Used by one
 * thread, once.
 */
final class ChunkedUpload {
    /** Stores the list of chunks, under whatever id the file shall have. */
    @FunctionalInterface
    interface LastStep {
        StoredFile store(Piece manifest) throws KelpException;
    }

    /** Deletes what is not wanted any more, as far as it can be reached. */
    @FunctionalInterface
    interface Discard {
        void files(List<FileId> ids);
    }

    private final Uploads uploads;
    private final Placement placement;
    private final ClientOptions.Chunks limits;
    private final Executor threads;
    private final Discard discard;
    private final Semaphore room;
    private final AtomicReference<@Nullable KelpException> failure = new AtomicReference<>();
    private final List<CompletableFuture<@Nullable Chunk>> chunks = new ArrayList<>();

    ChunkedUpload(Uploads uploads, Placement placement, ClientOptions.Chunks limits, Executor threads, Discard discard) {
        this.uploads = uploads;
        this.placement = placement;
        this.limits = limits;
        this.threads = threads;
        this.discard = discard;
        this.room = new Semaphore(limits.parallel());
    }

    /**
     * @param begun bytes of the stream that were read already; they come first
     * @param expectedBytes how long the content is; -1 if only its end tells
     */
    StoredFile store(NewFile file, byte[] begun, InputStream rest, long expectedBytes, LastStep lastStep) throws KelpException {
        try {
            long bytes = storeChunks(file, begun, rest, expectedBytes);
            if (expectedBytes >= 0 && bytes != expectedBytes) {
                throw new KelpException("the content has ended after " + bytes + " bytes, expected " + expectedBytes
                        + "; it must not change while it is stored");
            }
            ChunkManifest manifest = new ChunkManifest(file.name(), file.mime(), stored());
            StoredFile whole = lastStep.store(new Piece(file, new Content.InMemory(manifest.json()), true));
            return new StoredFile(whole.id(), bytes, whole.etag(), whole.url(), manifest.chunks().size());
        } catch (KelpException failed) {
            discard.files(stored().stream().map(Chunk::id).toList());
            throw failed;
        }
    }

    private long storeChunks(NewFile file, byte[] begun, InputStream rest, long expectedBytes) throws KelpException {
        long offset = 0;
        byte[] next = begun.length > 0 ? begun : read(rest, offset, expectedBytes);
        while (next.length > 0 && failure.get() == null) {
            begin(file, next, offset);
            offset += next.length;
            next = read(rest, offset, expectedBytes);
        }
        awaitAll();
        KelpException failed = failure.get();
        if (failed != null) throw failed;
        return offset;
    }

    private void begin(NewFile file, byte[] part, long offset) throws KelpException {
        try {
            room.acquire();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            awaitAll();
            throw new KelpException("upload of " + file.name() + " was interrupted", interrupted);
        }
        String name = file.name().isEmpty() ? "" : file.name() + "-" + (chunks.size() + 1);
        NewFile chunk = NewFile.of(part).named(name);
        if (file.isSynced()) chunk = chunk.synced();
        Piece piece = new Piece(chunk, new Content.InMemory(part), false);
        chunks.add(CompletableFuture.supplyAsync(() -> store(file, piece, offset), threads));
    }

    private @Nullable Chunk store(NewFile file, Piece piece, long offset) {
        try {
            if (failure.get() != null) return null;
            StoredFile stored = uploads.put(piece, placement);
            file.stored(stored.bytes());
            return new Chunk(stored.id(), offset, stored.bytes());
        } catch (KelpException failed) {
            failure.compareAndSet(null, failed);
            return null;
        } catch (RuntimeException bug) {
            failure.compareAndSet(null, new KelpException("a chunk could not be stored: " + bug, bug));
            return null;
        } finally {
            room.release();
        }
    }

    private byte[] read(InputStream rest, long offset, long expectedBytes) throws KelpException {
        long left = expectedBytes < 0 ? limits.bytes() : Math.min(limits.bytes(), expectedBytes - offset);
        try {
            return rest.readNBytes((int) left);
        } catch (IOException failed) {
            failure.compareAndSet(null, new KelpException("cannot read the content at byte " + offset + ": " + failed, failed));
            return new byte[0];
        }
    }

    private void awaitAll() {
        CompletableFuture.allOf(chunks.toArray(CompletableFuture[]::new)).join();
    }

    private List<Chunk> stored() {
        awaitAll();
        List<Chunk> stored = new ArrayList<>();
        for (CompletableFuture<@Nullable Chunk> chunk : chunks) {
            Chunk done = chunk.join();
            if (done != null) stored.add(done);
        }
        return stored;
    }
}
