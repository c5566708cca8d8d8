package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodySink;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.volume.manifest.ChunkManifest;
import dev.kelpfs.volume.manifest.ManifestPath;
import java.io.IOException;

/**
 * A file that consists of chunks, each opened when its turn comes. The first byte of the first chunk is that of the whole;
 * a chunk follows the one before it without a gap, whatever its offset says.
 *
 * @param path the manifests up to and with this one
 */
record ManifestFile(ChunkManifest manifest, ManifestPath path, Chunks chunks) implements FileContent {
    @Override
    public long bytes() {
        return manifest.bytes();
    }

    @Override
    public byte[] peek(long from, int count) throws IOException, InterruptedException {
        CollectingSink start = new CollectingSink((int) Math.min(count, bytes() - from));
        writeTo(start, from, start.bytes().length);
        return start.bytes();
    }

    @Override
    public void writeTo(BodySink sink, long from, long count) throws IOException, InterruptedException {
        if (!manifest.chunks().isEmpty() && manifest.chunks().get(0).offset() > 0) {
            throw new HttpException(500, "Invalid range: the first chunk of the manifest begins at byte "
                    + manifest.chunks().get(0).offset() + ", expected 0");
        }
        long start = 0;
        for (ChunkManifest.Chunk chunk : manifest.chunks()) {
            long first = Math.max(from, start);
            long end = Math.min(from + count, start + chunk.bytes());
            if (first < end) {
                try (FileContent content = chunks.open(chunk, path)) {
                    content.writeTo(sink, first - start, end - first);
                }
            }
            start += chunk.bytes();
        }
    }

    @Override
    public void close() {
        // Chunks are closed one by one.
    }
}
