package dev.kelpfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Programs that embed the client live on Java 17: it must run there, and without any option for the JVM. */
class OldJavaTest {
    private static final Path JDKS = Path.of("/usr/lib/jvm");

    @Test
    void runsOnJava17WithoutOptions() throws Exception {
        Optional<Path> java = java17();
        assumeThat(java).as("there is no Java 17 in JAVA17_HOME or below " + JDKS).isPresent();
        Process process = new ProcessBuilder(
                java.orElseThrow().toString(), "-cp", System.getProperty("java.class.path"), SmallProgram.class.getName())
                .redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).endsWith("all done on Java 17\n").doesNotContain("WARNING", "Exception");
        assertThat(process.exitValue()).isZero();
    }

    private static Optional<Path> java17() throws IOException {
        String named = System.getenv("JAVA17_HOME");
        if (named != null) return Optional.of(Path.of(named, "bin", "java")).filter(Files::isExecutable);
        if (!Files.isDirectory(JDKS)) return Optional.empty();
        try (Stream<Path> homes = Files.list(JDKS)) {
            return homes.filter(OldJavaTest::is17).map(home -> home.resolve("bin/java")).filter(Files::isExecutable).findFirst();
        }
    }

    private static boolean is17(Path home) {
        try {
            return Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"17");
        } catch (IOException none) {
            return false;
        }
    }
}
