package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three terminals of a fresh clone at once: one builds, the others wait. Builds everything, so it runs by its own command:
 * {@code mvn -pl system-tests -am test -Dsystem.excluded=none -Dgroups=heavy -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("heavy")
@ExtendWith(TestDirectories.class)
class FreshCloneTest {
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(15);

    @Test
    void threeTerminalsStartAtOnce(TestDirectory directory) throws Exception {
        Path root = Path.of("").toAbsolutePath().getParent();
        assumeThat(Files.exists(root.resolve(".git"))).as("not a git checkout, so it cannot be cloned").isTrue();
        Path clone = directory.resolve("clone");
        try (ManagedProcess git = ManagedProcess.start(ProcessPlan.of("git", directory.path(),
                List.of("git", "clone", "-q", root.toString(), clone.toString())))) {
            assertThat(git.awaitExit(BUILD_LIMIT)).as(git.log().tail()).isZero();
        }
        List<ManagedProcess> terminals = new ArrayList<>();
        try {
            for (int i = 1; i <= 3; i++) {
                terminals.add(ManagedProcess.start(ProcessPlan.of("terminal-" + i, directory.path(),
                        List.of(clone.resolve("weed").toString(), "version"))));
            }
            for (ManagedProcess terminal : terminals) {
                assertThat(terminal.awaitExit(BUILD_LIMIT)).as(terminal.log().tail()).isZero();
                assertThat(terminal.log().find(Pattern.compile("^version "))).as(terminal.log().tail()).isPresent();
            }
        } finally {
            terminals.forEach(ManagedProcess::close);
        }
    }
}
