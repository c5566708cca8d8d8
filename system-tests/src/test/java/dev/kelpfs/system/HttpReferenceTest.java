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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Types every example of the HTTP references into one shell, and compares what it prints with what the page says. */
@ExtendWith(TestDirectories.class)
class HttpReferenceTest {
    private static final Path PAGES = Path.of("..", "docs");
    private static final String BLOCK = "```console";
    private static final String MARK = "\u0001example ";
    private static final int LIMIT_SECONDS = 120;

    /** @param expected what it prints; {@code …} stands for anything within a line */
    private record Example(int line, String command, String expected) {}

    @Test
    void everyExampleDoesWhatThePageSays(TestDirectory directory) throws Exception {
        check("http.md", 60, directory);
    }

    @Test
    void soDoTheFurtherStepsOfTheReadme(TestDirectory directory) throws Exception {
        check("../README.md", 12, directory);
    }

    @Test
    void soDoesEveryExampleOfTheMaster(TestDirectory directory) throws Exception {
        check("master.md", 15, directory);
    }

    private static void check(String page, int leastExamples, TestDirectory directory) throws Exception {
        for (String program : List.of("bash", "curl", "gzip", "openssl")) {
            assumeThat(installed(program)).as(program + " is not installed").isTrue();
        }
        List<Example> examples = examples(Files.readAllLines(PAGES.resolve(page)));
        assertThat(examples).hasSizeGreaterThan(leastExamples);
        try (HttpFiles http = new HttpFiles(); WeedServer server = new WeedServer(directory, http).start()) {
            http.assign(server.master());
            List<String> printed = run(examples, directory, server);
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < examples.size(); i++) {
                Example example = examples.get(i);
                softly.assertThat(i < printed.size() ? printed.get(i) : "(the shell ended before)")
                        .as("line %d: %s", example.line, example.command)
                        .matches(Pattern.compile(pattern(example.expected), Pattern.DOTALL));
            }
            softly.assertAll();
        }
    }

    private static List<Example> examples(List<String> lines) {
        List<Example> examples = new ArrayList<>();
        boolean inBlock = false;
        int commandLine = 0;
        String command = "";
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean starts = inBlock && line.startsWith("$ ");
            boolean ends = inBlock && line.equals("```");
            if ((starts || ends) && !command.isEmpty()) {
                examples.add(new Example(commandLine, command, expected.toString()));
                command = "";
                expected.setLength(0);
            }
            if (ends || line.equals(BLOCK)) {
                inBlock = !ends;
            } else if (starts) {
                command = line.substring(2);
                commandLine = i + 1;
            } else if (inBlock) {
                expected.append(line).append('\n');
            }
        }
        return examples;
    }

    /** What each example printed. */
    private static List<String> run(List<Example> examples, TestDirectory directory, WeedServer server)
            throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("curl() { command curl --max-time 30 \"$@\"; }\n");
        for (Example example : examples) {
            script.append("printf '").append(MARK).append("\\n'\n").append(example.command).append('\n');
        }
        Path file = Files.writeString(directory.resolve("examples.sh"), script.toString());
        Path out = directory.resolve("examples.out");
        ProcessBuilder shell = new ProcessBuilder("bash", file.toString()).directory(directory.path().toFile())
                .redirectErrorStream(true).redirectOutput(out.toFile());
        shell.environment().put("MASTER", server.master());
        shell.environment().put("VOLUME", server.volume());
        Process process = shell.start();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("the examples end").isTrue();
        String all = Files.readString(out, StandardCharsets.UTF_8).replace("\r", "");
        List<String> printed = new ArrayList<>(List.of(all.split(Pattern.quote(MARK + "\n"), -1)));
        return printed.subList(1, printed.size());
    }

    /** An example's last line may lack its end, as curl prints what came. */
    private static String pattern(String expected) {
        StringBuilder pattern = new StringBuilder();
        for (String part : expected.strip().split("…", -1)) {
            if (!pattern.isEmpty()) pattern.append("[^\n]*?");
            pattern.append(Pattern.quote(part));
        }
        return pattern.append("\\s*").toString();
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }
}
