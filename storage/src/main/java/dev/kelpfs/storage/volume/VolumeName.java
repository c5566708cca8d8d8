package dev.kelpfs.storage.volume;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.VolumeId;
import java.util.Optional;

/**
 * What the file names of a volume begin with: {@code 7} in the default collection, else {@code pictures_7}.
 *
 * <p>Source: storage formats, section 3.
 */
public record VolumeName(CollectionName collection, VolumeId id) {
    /** Reads a base name; empty if it is none. Collections may contain underscores, so the last one counts. */
    public static Optional<VolumeName> parse(String base) {
        int underscore = base.lastIndexOf('_');
        try {
            String digits = underscore > 0 ? base.substring(underscore + 1) : base;
            VolumeId id = VolumeId.parse(digits);
            if (!id.toString().equals(digits)) return Optional.empty();
            CollectionName collection = underscore > 0
                    ? new CollectionName(base.substring(0, underscore)) : CollectionName.DEFAULT;
            return Optional.of(new VolumeName(collection, id));
        } catch (IllegalArgumentException noVolume) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return collection.isDefault() ? id.toString() : collection + "_" + id;
    }
}
