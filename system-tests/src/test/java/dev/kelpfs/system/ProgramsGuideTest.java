package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every example of {@code docs/programs.md} and the one of the README, run as a reader would. */
@ExtendWith(TestDirectories.class)
class ProgramsGuideTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final String IMPORTS = """
            import dev.kelpfs.client.*;
            import dev.kelpfs.core.*;
            import java.io.*;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.*;
            import java.util.*;
            """;

    private static HttpFiles http;
    private static WeedServer server;
    private static TestDirectory directory;

    @BeforeAll
    static void start(TestDirectory made) throws InterruptedException {
        directory = made;
        http = new HttpFiles();
        server = new WeedServer(made, http, "-volume.max=60").start();
    }

    @AfterAll
    static void stop() {
        server.close();
        http.close();
    }

    private static List<String> blocks(String page, String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve(page)));
        while (block.find()) {
            if (block.group(1).equals(language)) blocks.add(block.group(2).replace("localhost:9333", server.master()));
        }
        return blocks;
    }

    @Test
    void theJavaProgramRuns() throws Exception {
        String program = blocks("docs/programs.md", "java").getFirst();
        assertThat(java("Hello", program)).matches("(?s)\\d+,[0-9a-f]+ holds hello\\R");
    }

    @Test
    void theJavaExamplesRun() throws Exception {
        List<String> examples = blocks("docs/programs.md", "java");
        assertThat(examples).hasSizeGreaterThan(4);
        StringBuilder calls = new StringBuilder();
        StringBuilder methods = new StringBuilder();
        for (int i = 1; i < examples.size(); i++) {
            calls.append("example").append(i).append("(kelp);\n");
            methods.append("static void example").append(i).append("(KelpClient kelp) throws Exception {\n")
                    .append(examples.get(i)).append("}\n");
        }
        String program = IMPORTS + "public class Examples {\n" + methods + "public static void main(String[] args) throws Exception {\n"
                + "try (KelpClient kelp = KelpClient.connect(ClientOptions.of(ServerAddress.parse(\"" + server.master()
                + "\")))) {\n" + calls + "}}}\n";

        assertThat(java("Examples", program))
                .contains("holiday.jpg, image/jpeg, kim", "10000000 bytes in 3 chunks", "23456");
    }

    @Test
    void theExampleOfTheReadmeRuns() throws Exception {
        String example = blocks("README.md", "java").getFirst();
        Files.writeString(directory.resolve("holiday.jpg"), "a holiday");
        String program = IMPORTS + "public class Readme {\npublic static void main(String[] args) throws Exception {\n" + example
                + "System.out.println(\"done\");\n}}\n";
        assertThat(java("Readme", program)).isEqualTo("done\n");
    }

    @Test
    void theShellExamplesRun() throws Exception {
        assumeThat(installed("curl")).as("curl is not installed").isTrue();
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path weed = Files.writeString(bin.resolve("weed"), "#!/bin/sh\nexec '" + ROOT.resolve("weed") + "' \"$@\"\n");
        assertThat(weed.toFile().setExecutable(true)).isTrue();
        String script = "set -eu\nPATH='" + bin + "':$PATH\n" + String.join("\n", blocks("docs/programs.md", "sh"));
        String output = run(List.of("bash", "-c", script));
        assertThat(output).contains("\"name\":\"hello.txt\"", "}hello\n", "ell{");
        assertThat(directory.resolve("fetched/large.bin")).hasSize(10_000_000);
    }

    @Test
    void thePythonExampleRuns() throws Exception {
        assumeThat(installed("python3")).as("python3 is not installed").isTrue();
        Path script = directory.resolve("example.py");
        Files.writeString(script, String.join("\n", blocks("docs/programs.md", "python")));
        assertThat(run(List.of("python3", script.toString()))).contains("holds hello from Python");
    }

    /** Compiles for the oldest Java that the client runs on, and starts it with nothing but the class path. */
    private static String java(String name, String program) throws Exception {
        Path classes = Files.createDirectories(directory.resolve("classes-" + name));
        Path source = Files.writeString(classes.resolve(name + ".java"), program);
        String jars = System.getProperty("java.class.path");
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        run(List.of(bin.resolve("javac").toString(), "--release", "17", "-cp", jars, "-d", classes.toString(), source.toString()));
        return run(List.of(bin.resolve("java").toString(), "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", classes + ":" + jars, name));
    }

    private static String run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.path().toFile());
        Path errors = directory.resolve("errors.txt");
        builder.redirectError(errors.toFile());
        WeedLauncher.dist().ifPresent(dist -> builder.environment().put("KELP_DIST", dist));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s: %s %s", command.getFirst(), output, Files.readString(errors)).isZero();
        return output;
    }

    private static boolean installed(String program) {
        return Arrays.stream(System.getenv("PATH").split(":")).anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }
}
