package dev.kelpfs.system;

import dev.kelpfs.testkit.process.ProcessPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The launcher of this checkout, made to run what this very build has packaged. */
final class WeedLauncher {
    private static final String DIST = "KELP_DIST";
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private WeedLauncher() {}

    /** {@code ./weed <arguments>}, in {@code directory} and with its log there. */
    static ProcessPlan plan(String name, Path directory, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("weed").toString());
        command.addAll(arguments);
        ProcessPlan plan = ProcessPlan.of(name, directory, command);
        Path built = ROOT.resolve("cli/target/dist");
        // Somebody's own choice is passed on. Without a build (a test started by hand) the launcher makes one.
        if (System.getenv(DIST) != null || !Files.isDirectory(built)) return plan;
        return plan.withEnvironment(DIST, built.toString());
    }
}
