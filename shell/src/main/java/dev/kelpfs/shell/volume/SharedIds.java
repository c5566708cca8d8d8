package dev.kelpfs.shell.volume;

import dev.kelpfs.shell.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Volume ids that more than one collection uses, which a cluster must never have. Pure. */
final class SharedIds {
    private record Use(long id, String collection) {}

    private SharedIds() {}

    static List<String> warnings(Topology whole) {
        Map<Long, TreeSet<String>> collections = new TreeMap<>();
        Stream.concat(
                        whole.volumes().map(volume -> new Use(volume.id(), volume.collection())),
                        whole.ecVolumes().map(volume -> new Use(volume.id(), volume.collection())))
                .forEach(use -> collections.computeIfAbsent(use.id(), _ -> new TreeSet<>()).add(use.collection()));
        List<String> warnings = new ArrayList<>();
        collections.forEach((id, names) -> {
            if (names.size() > 1) {
                warnings.add("warning: volume id " + id + " is in use in " + names.size() + " collections: "
                        + String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList()));
            }
        });
        return warnings;
    }
}
