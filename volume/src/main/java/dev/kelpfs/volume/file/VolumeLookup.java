package dev.kelpfs.volume.file;

import dev.kelpfs.core.VolumeId;
import java.util.List;

/** Finds the servers that hold a volume which is not here. */
@FunctionalInterface
public interface VolumeLookup {
    /** A server without a master, or one that keeps to its own volumes. */
    VolumeLookup NOBODY = volume -> List.of();

    /** {@code host:port} of other servers with this volume; empty if there are none or nobody knows. May block. */
    List<String> otherHolders(VolumeId volume);
}
