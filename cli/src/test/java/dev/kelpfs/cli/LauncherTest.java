package dev.kelpfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code weed} with a JDK and a Maven that only write down how they were called. */
class LauncherTest {
    private static final long LIMIT_SECONDS = 60;

    @TempDir
    private Path directory;

    private Path root;
    private Path jdk;
    private Path tools;

    private record Ended(int code, String output) {}

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectories(directory.resolve("a checkout"));
        Files.copy(Path.of("../weed"), root.resolve("weed"));
        Files.createDirectories(root.resolve("cli/src/main"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.writeString(root.resolve("cli/pom.xml"), "<project/>");
        Files.writeString(root.resolve("cli/src/main/Source.java"), "class Source {}");
        jdk = jdk("jdk", "25.0.3", """
                case "$*" in *Training*)
                    echo trained >>"$TRACE"
                    for a; do case $a in -XX:AOTCacheOutput=*) echo cache >"${a#*=}" ;; esac; done
                    exit 0 ;;
                esac
                echo "pid $$"
                echo "locale ${LC_ALL:-}"
                for a; do echo "arg $a"; done
                exit "${JAVA_EXIT:-0}"
                """);
        tools = Files.createDirectories(directory.resolve("tools"));
        script(tools.resolve("mvn"), """
                echo built >>"$TRACE"
                echo '[INFO] Building Kelp: core 1'
                [ -z "${BUILD_FAILS:-}" ] || { echo '[ERROR] no such symbol'; exit 1; }
                [ -z "${BUILD_TAKES:-}" ] || sleep "$BUILD_TAKES"
                [ -z "${EDIT:-}" ] || [ -e "$TRACE.edited" ] || { : >"$TRACE.edited"; echo 'edited' >cli/src/main/Source.java; }
                mkdir -p cli/target/dist/lib && echo jar >cli/target/dist/lib/kelp.jar && echo jar >cli/target/dist/lib/a.jar
                """);
    }

    private Path jdk(String name, String version, String java) throws IOException {
        Path home = directory.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), java);
        return home;
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(root.resolve("weed").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KELP_") || name.equals("JAVA_HOME"));
        builder.environment().put("KELP_JAVA_HOME", jdk.toString());
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().put("TRACE", directory.resolve("trace").toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Ended end(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return end(start(environment, arguments));
    }

    private List<String> trace() throws IOException {
        Path file = directory.resolve("trace");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private List<String> builds() throws IOException {
        try (Stream<Path> entries = Files.list(root.resolve(".weed"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith("dist-") || name.startsWith("new-")).toList();
        }
    }

    private Path dist() throws IOException {
        Path dist = directory.resolve("dist");
        Files.createDirectories(dist.resolve("lib"));
        Files.writeString(dist.resolve("lib/kelp.jar"), "jar");
        return dist;
    }

    @Test
    void aMissingOrOldJdkIsNamedAndHowToGetOne() throws Exception {
        Ended missing = run(Map.of("KELP_JAVA_HOME", "/nowhere"), "version");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.output()).contains("needs a JDK 25", "KELP_JAVA_HOME: /nowhere has no bin/java", "adoptium");
        Path old = jdk("old", "17.0.1", "echo never");
        Ended tooOld = run(Map.of("KELP_JAVA_HOME", old.toString()), "version");
        assertThat(tooOld.code()).isEqualTo(1);
        assertThat(tooOld.output()).contains(old + " is Java 17.0.1").doesNotContain("never");
    }

    @Test
    void looksAtJavaHomeThenAtThePath() throws Exception {
        Path other = jdk("other", "25", "echo other");
        Map<String, String> home = Map.of("KELP_JAVA_HOME", "", "JAVA_HOME", other.toString(), "KELP_DIST", dist().toString());
        assertThat(run(home, "version").output()).isEqualTo("other\n");
        Map<String, String> path = Map.of("KELP_JAVA_HOME", "", "PATH", other.resolve("bin") + ":" + System.getenv("PATH"),
                "KELP_DIST", dist().toString());
        assertThat(run(path, "version").output()).isEqualTo("other\n");
    }

    @Test
    void becomesTheJavaProcessSoThatExitCodesAndSignalsReachIt() throws Exception {
        Process process = start(Map.of("KELP_DIST", dist().toString(), "JAVA_EXIT", "7"), "server", "-dir=a b", "");
        Ended ended = end(process);
        assertThat(ended.code()).isEqualTo(7);
        assertThat(ended.output()).startsWith("pid " + process.pid() + "\n").endsWith("arg server\narg -dir=a b\narg \n");
    }

    @Test
    void usersOptionsComeBehindItsOwnAndTheKindOfCommandChoosesThose() throws Exception {
        Map<String, String> environment = Map.of("KELP_DIST", dist().toString(), "KELP_JAVA_OPTS", "-Xmx1g -Da=b");
        String server = run(environment, "-v=1", "server").output();
        assertThat(server).containsSubsequence(
                "arg --enable-native-access=ALL-UNNAMED", "arg -Xmx1g", "arg -Da=b", "arg dev.kelpfs.cli.Main", "arg -v=1");
        assertThat(server).doesNotContain("TieredStopAtLevel");
        assertThat(run(environment, "version").output()).contains("arg -XX:TieredStopAtLevel=1");
    }

    @Test
    void namesOfFilesAreInUtf8WhateverTheLocale() throws Exception {
        String dist = dist().toString();
        for (String none : List.of("", "C", "POSIX")) {
            Map<String, String> environment = Map.of("KELP_DIST", dist, "LC_ALL", none, "LC_CTYPE", "", "LANG", "");
            assertThat(run(environment, "version").output()).as(none).contains("locale C.UTF-8\n");
        }
        Map<String, String> chosen = Map.of("KELP_DIST", dist, "LC_ALL", "", "LC_CTYPE", "", "LANG", "de_DE.utf8");
        assertThat(run(chosen, "version").output()).contains("locale \n");
    }

    @Test
    void aGivenDistributionIsUsedAsItIs() throws Exception {
        Path dist = dist();
        Files.writeString(dist.resolve("lib/b.jar"), "jar");
        assertThat(run(Map.of("KELP_DIST", dist.toString()), "version").output())
                .contains("arg " + dist + "/lib/b.jar:" + dist + "/lib/kelp.jar\n");
        assertThat(trace()).isEmpty();
        assertThat(root.resolve(".weed")).doesNotExist();
        Ended wrong = run(Map.of("KELP_DIST", "/nowhere"), "version");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.output()).contains("KELP_DIST is /nowhere");
    }

    @Test
    void buildsOnceAndKeepsWhatARunningServerHolds() throws Exception {
        Ended first = run(Map.of(), "version");
        assertThat(first.code()).isZero();
        assertThat(first.output()).contains("weed: building, once", "arg dev.kelpfs.cli.Main", "-XX:AOTCache=");
        assertThat(trace()).containsExactly("built", "trained", "trained");
        List<String> built = builds();
        assertThat(built).hasSize(1).first().asString().startsWith("dist-");

        Ended second = run(Map.of("KELP_JAVA_OPTS", "-XX:+UseZGC"), "version");
        assertThat(second.output()).as("another collector may not fit the cache").doesNotContain("building", "AOTCache");
        assertThat(trace()).hasSize(3);

        Files.writeString(root.resolve("cli/src/main/Source.java"), "class Source { int changed; }");
        assertThat(run(Map.of(), "version").output()).contains("building");
        assertThat(builds()).as("the old build is held by nobody").hasSize(1).doesNotContainAnyElementsOf(built);
    }

    @Test
    void threeTerminalsAtOnceBuildOnce() throws Exception {
        List<Process> terminals = new ArrayList<>();
        for (int i = 0; i < 3; i++) terminals.add(start(Map.of("BUILD_TAKES", "2"), "server"));
        int waited = 0;
        for (Process terminal : terminals) {
            Ended ended = end(terminal);
            assertThat(ended.code()).isZero();
            assertThat(ended.output()).contains("arg server");
            if (ended.output().contains("another terminal is at work")) waited++;
        }
        assertThat(trace()).containsExactly("built", "trained", "trained");
        assertThat(waited).isEqualTo(2);
        assertThat(builds()).hasSize(1);
    }

    @Test
    void aBuildThatFailsSaysWhyAndLeavesNothingBehind() throws Exception {
        Ended ended = run(Map.of("BUILD_FAILS", "yes"), "version");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("[ERROR] no such symbol", "the build failed", "build.log");
        assertThat(builds()).isEmpty();
        assertThat(run(Map.of(), "version").code()).as("the next try starts anew").isZero();
    }

    @Test
    void sourcesThatChangeWhileTheyAreBuiltAreBuiltAgain() throws Exception {
        Ended ended = run(Map.of("EDIT", "yes"), "version");
        assertThat(ended.code()).isZero();
        assertThat(ended.output()).contains("the sources changed while they were built", "arg version");
        assertThat(trace().stream().filter("built"::equals)).hasSize(2);
        assertThat(builds()).hasSize(1);
        assertThat(run(Map.of(), "version").output()).doesNotContain("building");
    }

    @Test
    void aMissingMavenIsNamed() throws Exception {
        Path few = Files.createDirectories(directory.resolve("few"));
        for (String tool : "dirname readlink find cksum sort tr mkdir flock cat date head".split(" ")) {
            Path real = Stream.of("/usr/bin/", "/bin/").map(place -> Path.of(place + tool)).filter(Files::exists).findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(few.resolve(tool), real);
        }
        Ended ended = run(Map.of("PATH", few.toString()), "version");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("Maven is missing", "apt install maven");
    }
}
