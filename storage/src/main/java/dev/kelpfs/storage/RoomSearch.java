package dev.kelpfs.storage;

import dev.kelpfs.storage.volume.VolumeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where a new volume goes, if it may be made at all. */
sealed interface RoomSearch {
    record In(DataDirectory directory) implements RoomSearch {}

    /** Its id is that of files that lie somewhere; the reason is for people. */
    record Taken(String reason) implements RoomSearch {}

    /** No directory can take it; the detail names each and its reason. */
    record None(String detail) implements RoomSearch {}

    static RoomSearch of(List<DataDirectory> directories, NewVolume wanted, long sizeLimitBytes, boolean reserving)
            throws IOException {
        VolumeName name = wanted.name();
        List<DataDirectory> holders = new ArrayList<>();
        for (DataDirectory directory : directories) {
            Optional<String> taken = directory.whyTaken(name);
            if (taken.isPresent()) return new Taken(taken.get());
            if (directory.find(name.id()).contains(name)) holders.add(directory);
        }
        if (holders.size() > 1) return new Taken("several directories hold files of volume " + name + "; mount it, or move them away");
        List<String> reasons = new ArrayList<>();
        return (holders.isEmpty() ? directories : holders).stream()
                .filter(directory -> {
                    Optional<String> refusal = whyNot(directory, wanted, sizeLimitBytes, reserving);
                    refusal.ifPresent(reason -> reasons.add(directory.options().path() + reason));
                    return refusal.isEmpty();
                })
                .min(Comparator.comparingInt(directory -> directory.volumes().size()))
                .<RoomSearch>map(In::new)
                .orElseGet(() -> new None(String.join("; ", reasons)));
    }

    private static Optional<String> whyNot(DataDirectory directory, NewVolume wanted, long sizeLimitBytes, boolean reserving) {
        DataDirectoryOptions options = directory.options();
        if (!options.diskType().equals(wanted.diskType())) {
            return Optional.of(" has disk type " + options.diskType().readable() + ", wanted is " + wanted.diskType().readable());
        }
        if (directory.isLow()) return Optional.of(" has less free space than its minimum of " + options.minFreeSpace());
        int mounted = directory.volumes().size();
        if (mounted < directory.effectiveMaxVolumes(sizeLimitBytes, reserving)) return Optional.empty();
        return Optional.of(" holds " + mounted + " volumes already, its most");
    }
}
