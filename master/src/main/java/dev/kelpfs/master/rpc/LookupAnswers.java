package dev.kelpfs.master.rpc;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.follow.GrpcForward;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.topology.Whereabouts.Found;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.LookupVolumeResponse.VolumeIdLocation;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Renders where volumes are as the answer to {@code LookupVolume}. Source: master, section 4.4.
 *
 * @param whereabouts what is known of a volume of that collection; must not wait
 */
record LookupAnswers(BiFunction<VolumeId, String, Found> whereabouts, TokenSigner writeTokens) {
    /** @throws StatusRuntimeException if a volume is not known here, and another master may know it */
    LookupVolumeResponse of(LookupVolumeRequest request) {
        LookupVolumeResponse.Builder answer = LookupVolumeResponse.newBuilder();
        request.getVolumeOrFileIdsList().forEach(id -> answer.addVolumeIdLocations(locations(id, request.getCollection())));
        return answer.build();
    }

    /** The volumes that are asked for, without what is no id. */
    static Set<VolumeId> wanted(LookupVolumeRequest request) {
        Set<VolumeId> volumes = new LinkedHashSet<>();
        for (String asked : request.getVolumeOrFileIdsList()) {
            try {
                volumes.add(VolumeId.parse(volumeOf(asked)));
            } catch (IllegalArgumentException notANumber) {
                // Answered as what it is, an unknown id.
                continue;
            }
        }
        return volumes;
    }

    private static String volumeOf(String volumeOrFileId) {
        int comma = volumeOrFileId.indexOf(',');
        return comma < 0 ? volumeOrFileId : volumeOrFileId.substring(0, comma);
    }

    private VolumeIdLocation locations(String volumeOrFileId, String collection) {
        int comma = volumeOrFileId.indexOf(',');
        String volume = volumeOf(volumeOrFileId);
        VolumeIdLocation.Builder entry = VolumeIdLocation.newBuilder().setVolumeOrFileId(volume);
        VolumeId id;
        try {
            id = VolumeId.parse(volume);
            // Cut to 32 bits it would be the place of another volume.
            if (Long.parseUnsignedLong(volume) != id.value()) throw new IllegalArgumentException("more than 32 bits: " + volume);
        } catch (IllegalArgumentException notANumber) {
            return entry.setError("Unknown volume id " + volume).build();
        }
        switch (whereabouts.apply(id, collection)) {
            case Found.Here(var where) -> {
                where.places().forEach(place -> entry.addLocations(Answers.location(place)));
                if (comma >= 0) entry.setAuth(writeTokens.sign(signedPart(volumeOrFileId)));
            }
            case Found.Away away -> entry.setError(away.reason());
            case Found.Nowhere() -> entry.setError("volume id " + volume + " not found");
            case Found.Unsure(var reason) ->
                    throw Status.UNAVAILABLE.withDescription(GrpcForward.NOT_LEADER + ": " + reason).asRuntimeException();
        }
        return entry.build();
    }

    /** The file id without extension and {@code _N}, which is what volume servers compare; nonsense signs for nothing. */
    private static String signedPart(String fileId) {
        int dot = fileId.indexOf('.');
        String bare = dot < 0 ? fileId : fileId.substring(0, dot);
        int underscore = bare.lastIndexOf('_');
        try {
            return FileId.parse(underscore < 0 ? bare : bare.substring(0, underscore)).toString();
        } catch (IllegalArgumentException notAFile) {
            return "";
        }
    }
}
