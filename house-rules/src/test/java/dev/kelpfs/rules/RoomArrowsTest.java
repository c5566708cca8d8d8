package dev.kelpfs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Arrows between rooms point downwards. The table is the picture of ARCHITECTURE.md; whoever needs another arrow changes
 * both, and says why.
 */
class RoomArrowsTest {
    /** Which rooms a room may know, beside itself. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("wire", Set.of()),
            Map.entry("flags", Set.of("core")),
            Map.entry("disk", Set.of("core")),
            Map.entry("storage", Set.of("core", "disk")),
            Map.entry("http", Set.of("core")),
            Map.entry("rpc", Set.of("core")),
            Map.entry("client", Set.of("core", "wire", "rpc")),
            Map.entry("master", Set.of("core", "wire", "disk", "http", "rpc", "client")),
            Map.entry("volume", Set.of("core", "wire", "disk", "storage", "http", "rpc", "client")),
            Map.entry("shell", Set.of("core", "flags", "wire", "rpc")),
            Map.entry("cli", Set.of(
                    "core", "flags", "wire", "disk", "storage", "http", "rpc", "client", "master", "volume", "shell")));

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.kelpfs");

    @Test
    void arrowsPointDownwards() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String room = roomOf(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String other = roomOf(dependency.getTargetClass());
                if (other.isEmpty() || other.equals(room) || MAY_KNOW.getOrDefault(room, Set.of()).contains(other)) continue;
                wrong.add(room + " -> " + other + " in " + dependency.getDescription());
            }
        }
        assertThat(wrong).as("arrows that point upwards: move the code to the room that may know both, "
                + "or invert the arrow with an interface in the lower room").isEmpty();
    }

    @Test
    void everyRoomIsInThePicture() {
        Set<String> rooms = new TreeSet<>();
        CLASSES.forEach(type -> rooms.add(roomOf(type)));

        assertThat(MAY_KNOW.keySet()).as("a new room gets its arrows here and in ARCHITECTURE.md").containsAll(rooms);
        assertThat(rooms).as("rooms that were found; fewer means that this test looks at nothing").hasSizeGreaterThan(8);
    }

    @Test
    void packagesOfARoomHaveNoCircles() {
        List<String> circles = new ArrayList<>();
        for (String room : MAY_KNOW.keySet()) {
            if (!room.equals("wire")) circles.addAll(PackageCircles.in(CLASSES, "dev.kelpfs." + room));
        }
        assertThat(circles).as("packages that know each other in a circle: one of them holds two subjects").isEmpty();
    }

    private static String roomOf(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        return parts.length > 2 && parts[0].equals("dev") && parts[1].equals("kelpfs") ? parts[2] : "";
    }
}
