package dev.kelpfs.system;

import dev.kelpfs.testkit.process.ProcessPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The launcher of this checkout, made to run what this very build has packaged. */
final class WeedLauncher {
    private static final String DIST = "KELP_DIST";
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private WeedLauncher() {}

    /** {@code ./weed <arguments>}, in {@code directory} and with its log there. */
    static ProcessPlan plan(String name, Path directory, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program());
        command.addAll(arguments);
        ProcessPlan plan = ProcessPlan.of(name, directory, command);
        return dist().map(dist -> plan.withEnvironment(DIST, dist)).orElse(plan);
    }

    /** The launcher itself. */
    static String program() {
        return ROOT.resolve("weed").toString();
    }

    /**
     * What {@code KELP_DIST} must be for it. Somebody's own choice is passed on; without a build (a test started by hand) the
     * launcher makes one.
     */
    static Optional<String> dist() {
        Path built = ROOT.resolve("cli/target/dist");
        return System.getenv(DIST) != null || !Files.isDirectory(built) ? Optional.empty() : Optional.of(built.toString());
    }
}
