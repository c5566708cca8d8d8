package dev.kelpfs.volume.file;

import dev.kelpfs.core.FileId;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.FoundNeedle;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.volume.manifest.ChunkManifest;
import dev.kelpfs.volume.manifest.MalformedManifestException;
import dev.kelpfs.volume.manifest.ManifestPath;
import dev.kelpfs.volume.manifest.PeerChunks;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts chunked files together: chunks of volumes that are here are read from them, all others from a server that has
 * them. Chunks that are manifests themselves are put together too. Safe for all threads that may wait.
 *
 * <p>Source: volume server, section 3.8.
 */
final class Chunks {
    private final Store store;
    private final ByteBufAllocator buffers;
    private final PeerChunks peers;

    Chunks(Store store, ByteBufAllocator buffers, PeerChunks peers) {
        this.store = store;
        this.buffers = buffers;
        this.peers = peers;
    }

    /**
     * The manifest in a record, still open.
     *
     * @return empty if its data is no manifest, and the record is an ordinary file then
     */
    static Optional<ChunkManifest> manifest(StoredContent record) throws IOException {
        record.verify();
        try (InputStream json = record.isPacked() ? Gzip.inflating(record.open(0)) : record.open(0)) {
            return Optional.of(ChunkManifest.parse(json));
        } catch (MalformedManifestException noManifest) {
            return Optional.empty();
        }
    }

    /** The manifest in a file that is on this server; empty if it is not there, or no manifest. */
    Optional<ChunkManifest> manifestOf(FileId id) throws IOException {
        Optional<Volume> volume = store.volume(id.volume());
        if (volume.isEmpty() || !(volume.get().find(id.key()) instanceof FindResult.Hit(var needle))) return Optional.empty();
        if (needle.isEmpty()) {
            needle.close();
            return Optional.empty();
        }
        try (StoredFile record = record(volume.get(), needle)) {
            return manifest(record);
        }
    }

    /** Deletes a file that is on this server, and its copies; one that is not there is fine. */
    @FunctionalInterface
    interface LocalDelete {
        /** @throws HttpException if it cannot be deleted */
        void delete(FileId chunk, ManifestPath path) throws InterruptedException;
    }

    /**
     * Deletes all chunks of a manifest. If one cannot be deleted others may be gone already; who tries again then finds
     * them missing, which is fine.
     *
     * @param path the manifests up to and with this one
     * @throws HttpException 500 if a chunk could not be deleted; before anything is deleted if one is no file id
     */
    void deleteAll(ChunkManifest manifest, ManifestPath path, LocalDelete here) throws InterruptedException {
        List<FileId> elsewhere = new ArrayList<>();
        List<FileId> ids = manifest.chunks().stream().map(Chunks::id).toList();
        for (FileId id : ids) {
            if (store.volume(id.volume()).isEmpty()) {
                elsewhere.add(id);
                continue;
            }
            try {
                here.delete(id, path);
            } catch (HttpException failed) {
                throw new HttpException(500, "Delete chunks error: " + id + ": " + failed.reason());
            }
        }
        Optional<String> failure = peers.deleteAll(elsewhere, path);
        if (failure.isPresent()) throw new HttpException(500, "Delete chunks error: " + failure.get());
    }

    /** The file that a manifest describes. */
    ManifestFile file(ChunkManifest manifest, FileId id, ManifestPath before) {
        return new ManifestFile(manifest, before.with(id), this);
    }

    /**
     * Opens one chunk.
     *
     * @throws HttpException 500 if it is not there, or has another length than the manifest says
     */
    FileContent open(ChunkManifest.Chunk chunk, ManifestPath path) throws IOException, InterruptedException {
        FileId id = id(chunk);
        Optional<Volume> volume = store.volume(id.volume());
        if (volume.isEmpty()) return new PeerChunk(peers, id, chunk.bytes(), path);
        FileContent content = openHere(volume.get(), id, chunk, path);
        if (content.bytes() == chunk.bytes()) return content;
        content.close();
        throw new HttpException(500, "Read chunk needle error: " + id + " has " + content.bytes()
                + " bytes, and the manifest says " + chunk.bytes());
    }

    /** @throws HttpException 500 if the manifest names no file id */
    static FileId id(ChunkManifest.Chunk chunk) {
        return chunk.id().orElseThrow(() -> new HttpException(
                500, "the manifest names a chunk that is no file id: \"" + chunk.fileId() + "\""));
    }

    private FileContent openHere(Volume volume, FileId id, ChunkManifest.Chunk chunk, ManifestPath path)
            throws IOException, InterruptedException {
        if (!(volume.find(id.key()) instanceof FindResult.Hit(var needle))) {
            // A write that failed half-way, or came while this server was down, has left the chunk with the others.
            if (volume.placement().copies() > 1) return new PeerChunk(peers, id, chunk.bytes(), path);
            throw missing(id);
        }
        if (needle.isEmpty()) {
            needle.close();
            return new MadeFile(new byte[0]);
        }
        StoredFile record = record(volume, needle);
        boolean kept = false;
        try {
            if (!record.metadata().hasCookie(id.cookie())) throw missing(id);
            if (record.metadata().isManifest()) {
                Optional<ChunkManifest> inner = manifest(record);
                if (inner.isPresent()) return file(inner.get(), id, path);
            }
            FileContent content = record.isPacked() ? record.inflated() : record;
            kept = true;
            return content;
        } finally {
            if (!kept) record.close();
        }
    }

    private StoredFile record(Volume volume, FoundNeedle needle) throws IOException {
        DiskPool disk = new DiskPool(store.diskExecutor(volume));
        boolean read = false;
        try {
            NeedleMetadata metadata = disk.call(needle::readMetadata);
            read = true;
            return new StoredFile(needle, metadata, disk, buffers, () -> { });
        } finally {
            if (!read) needle.close();
        }
    }

    private static HttpException missing(FileId id) {
        return new HttpException(500, "Read chunk needle error: [404] " + id + " is not on this server any more");
    }
}
