package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.wire.digest.ReportHash;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import java.util.List;

/**
 * This server at one moment, in the words of the protocol.
 *
 * @param head a full beat without its volumes: identity, disks, directories, largest key
 * @param volumes every volume that is to be announced, each id once
 * @param notServed volumes of which there are files here that are not served; the master must not give their ids out
 */
public record NodeSnapshot(Heartbeat head, List<ReportedVolume> volumes, List<VolumeShortInformationMessage> notServed) {
    public NodeSnapshot {
        volumes = List.copyOf(volumes);
        notServed = List.copyOf(notServed);
    }

    /** Fingerprint of all volumes together; 0 for none. */
    long digest() {
        long digest = 0;
        for (ReportedVolume volume : volumes) digest ^= volume.hash();
        return digest;
    }

    /**
     * One volume.
     *
     * @param hash changes whenever anything in the message does
     */
    public record ReportedVolume(VolumeInformationMessage message, long hash) {
        static ReportedVolume of(VolumeInformationMessage message) {
            return new ReportedVolume(message, ReportHash.of(message));
        }

        int id() {
            return message.getId();
        }
    }
}
