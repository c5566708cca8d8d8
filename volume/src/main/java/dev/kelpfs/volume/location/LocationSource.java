package dev.kelpfs.volume.location;

import dev.kelpfs.core.VolumeId;

/** Asks where a volume lies; may block. */
@FunctionalInterface
public interface LocationSource {
    Located ask(VolumeId volume);
}
