package dev.kelpfs.volume.administration;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.FileId;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.DeleteResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.FoundNeedle;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.wire.volume.BatchDeleteRequest;
import dev.kelpfs.wire.volume.BatchDeleteResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Deletes many files, one result each in their order, without telling other servers.
 *
 * <p>Source: volume server, section 4.3.
 */
public record BatchDeletes(Store store) {
    private static final int WHOLE_RECORD_BYTES = 1 << 20;
    private static final VolumeId NO_VOLUME = new VolumeId(0);

    /** @param error empty if there is nothing to complain about */
    private record Outcome(int status, String error, int bodyBytes) {
        static Outcome failed(int status, String error) {
            return new Outcome(status, error, 0);
        }
    }

    BatchDeleteResponse delete(BatchDeleteRequest request) {
        BatchDeleteResponse.Builder answer = BatchDeleteResponse.newBuilder();
        for (String text : request.getFileIdsList()) {
            Outcome outcome = delete(text, !request.getSkipCookieCheck());
            answer.addResults(dev.kelpfs.wire.volume.DeleteResult.newBuilder()
                    .setFileId(text).setStatus(outcome.status).setError(outcome.error).setSize(outcome.bodyBytes));
        }
        return answer.build();
    }

    private Outcome delete(String text, boolean checkCookie) {
        int comma = text.indexOf(',');
        if (comma < 0) return Outcome.failed(400, "Wrong fid format.");
        FileId id;
        try {
            id = FileId.of(volume(text.substring(0, comma)), text.substring(comma + 1));
        } catch (IllegalArgumentException noFileId) {
            return Outcome.failed(400, String.valueOf(noFileId.getMessage()));
        }
        Optional<Volume> volume = store.volume(id.volume());
        if (volume.isEmpty()) return Outcome.failed(checkCookie ? 404 : 500, "volume " + id.volume() + " not found");
        try {
            return checkCookie ? deleteChecked(volume.get(), id) : delete(volume.get(), id, Optional.empty());
        } catch (IOException failed) {
            return Outcome.failed(500, String.valueOf(failed.getMessage()));
        }
    }

    private static VolumeId volume(String text) {
        try {
            return VolumeId.parse(text);
        } catch (IllegalArgumentException noVolume) {
            return NO_VOLUME;
        }
    }

    private static Outcome deleteChecked(Volume volume, FileId id) throws IOException {
        return switch (volume.find(id.key())) {
            case FindResult.Missing _, FindResult.Unmounted _ -> Outcome.failed(404, "needle " + id.key() + " not found");
            case FindResult.Deleted _ -> Outcome.failed(404, "needle " + id.key() + " already deleted");
            case FindResult.Hit(var needle) -> deleteChecked(volume, id, needle);
        };
    }

    private static Outcome deleteChecked(Volume volume, FileId id, FoundNeedle found) throws IOException {
        boolean empty = found.isEmpty();
        try (found) {
            NeedleMetadata record;
            try {
                record = found.recordBytes() <= WHOLE_RECORD_BYTES ? found.readRecord().metadata() : found.readMetadata();
            } catch (IOException unreadable) {
                return Outcome.failed(404, String.valueOf(unreadable.getMessage()));
            }
            if (!empty && !record.hasCookie(id.cookie())) return Outcome.failed(400, "File Random Cookie does not match.");
            if (record.isManifest()) return Outcome.failed(406, "ChunkManifest: not allowed in batch delete mode.");
        }
        return delete(volume, id, empty ? Optional.empty() : Optional.of(id.cookie()));
    }

    private static Outcome delete(Volume volume, FileId id, Optional<Cookie> cookie) throws IOException {
        return switch (volume.delete(id.key(), cookie, Durability.PROCESS_DEATH)) {
            case DeleteResult.Deleted(int bodyBytes) -> new Outcome(bodyBytes == 0 ? 304 : 202, "", bodyBytes);
            case DeleteResult.NotFound _ -> new Outcome(304, "", 0);
            case DeleteResult.WrongCookie _ -> Outcome.failed(400, "File Random Cookie does not match.");
            case DeleteResult.ReadOnly(var reason) -> Outcome.failed(500, "volume " + volume.id() + " is read only: " + reason);
            case DeleteResult.DiskFull(var detail) -> Outcome.failed(500, detail);
            case DeleteResult.Busy _ -> Outcome.failed(500, "too many writes wait for this disk; try again in a moment");
            case DeleteResult.Unmounted _ -> Outcome.failed(500, "volume " + volume.id() + " was unmounted just now");
        };
    }
}
