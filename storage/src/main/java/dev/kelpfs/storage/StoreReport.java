package dev.kelpfs.storage;

import dev.kelpfs.core.VolumeId;
import java.util.List;

/**
 * Everything that a heartbeat or a status page needs, at one moment.
 *
 * @param volumes those to announce, by id
 * @param expired volumes past their time to live; no longer announced
 * @param withheld volumes that are not announced because their files are missing or their device fails
 * @param taken ids of volumes that are not served although files of them lie here: they must not be given out anew
 * @param maxKey largest key of all volumes, unsigned
 */
public record StoreReport(
        List<VolumeReport> volumes, List<VolumeId> expired, List<VolumeId> withheld, List<VolumeId> taken,
        List<DirectoryReport> directories, long maxKey) {
    public StoreReport {
        volumes = List.copyOf(volumes);
        expired = List.copyOf(expired);
        withheld = List.copyOf(withheld);
        taken = List.copyOf(taken);
        directories = List.copyOf(directories);
    }
}
