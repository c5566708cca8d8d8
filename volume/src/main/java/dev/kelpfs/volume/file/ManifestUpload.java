package dev.kelpfs.volume.file;

import dev.kelpfs.core.FileId;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.volume.manifest.ChunkManifest;
import dev.kelpfs.volume.manifest.MalformedManifestException;
import java.io.IOException;
import java.io.InputStream;

/** Refuses chunk manifests that could be stored, but never be read. */
final class ManifestUpload {
    private ManifestUpload() {}

    /**
     * Looks at an upload that is said to be a manifest. One that is none is stored as any file, as the reference does.
     *
     * @throws HttpException 400 if it lists itself, or is larger than what is put together
     */
    static void check(FileId id, Upload upload) {
        try (InputStream json = upload.compressed() ? Gzip.inflating(upload.stream()) : upload.stream()) {
            for (ChunkManifest.Chunk chunk : ChunkManifest.parse(json).chunks()) {
                if (chunk.id().filter(id::equals).isPresent()) {
                    throw new HttpException(400, "the chunk manifest " + id + " lists itself as a chunk; nothing was stored");
                }
            }
        } catch (MalformedManifestException ordinaryFile) {
            return;
        } catch (IOException noGzip) {
            return;
        } catch (HttpException tooLarge) {
            throw new HttpException(400, tooLarge.reason());
        }
    }
}
