package dev.kelpfs.storage;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.storage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of volumes of which a data directory holds files.
 *
 * <p>Source: storage formats, sections 3 and 9. The reference looks for {@code .idx} and {@code .vif} in the data directory
 * alone, and so misses a volume whose info file is lost when its index lies elsewhere.
 *
 * @param names those with an index, an info file, or files of a vacuum or of erasure coding
 * @param lone those with nothing but a data file that holds more than a superblock: nobody has opened them before
 */
record DirectoryScan(List<VolumeName> names, List<VolumeName> lone) {
    private static final Pattern SUFFIX = Pattern.compile("\\.(idx|vif|cpc|ecx|ec[0-9]{2})");
    private static final int SUPERBLOCK_BYTES = 8;

    static DirectoryScan of(Disk disk, Path dataDirectory, Path indexDirectory) throws IOException {
        Set<String> bases = new TreeSet<>();
        Set<String> data = new TreeSet<>();
        for (String file : disk.list(dataDirectory)) {
            int dot = Math.max(0, file.lastIndexOf('.'));
            String suffix = file.substring(dot);
            if (SUFFIX.matcher(suffix).matches()) bases.add(file.substring(0, dot));
            if (suffix.equals(".dat")) data.add(file.substring(0, dot));
        }
        data.removeAll(bases);
        if (!indexDirectory.equals(dataDirectory) && !data.isEmpty()) {
            Set<String> indexes = new HashSet<>(disk.list(indexDirectory));
            data.stream().filter(base -> indexes.contains(base + ".idx")).forEach(bases::add);
            data.removeAll(bases);
        }
        // An interrupted creation leaves no more than a superblock.
        for (String base : List.copyOf(data)) {
            if (disk.size(dataDirectory.resolve(base + ".dat")) <= SUPERBLOCK_BYTES) data.remove(base);
        }
        return new DirectoryScan(parsed(bases), parsed(data));
    }

    private static List<VolumeName> parsed(Collection<String> bases) {
        return bases.stream().map(VolumeName::parse).flatMap(Optional::stream).toList();
    }
}
