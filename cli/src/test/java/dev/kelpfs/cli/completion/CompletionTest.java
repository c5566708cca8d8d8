package dev.kelpfs.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionTest {
    private static String script(String shell) {
        FakeWorld world = new FakeWorld();
        assertThat(world.run("autocomplete", shell)).isEqualTo(ExitCode.OK);
        return world.out();
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }

    private static String shell(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    /** What a real bash offers for the last word of a line. */
    private static List<String> completed(Path script, String... words) throws Exception {
        String line = "COMP_WORDS=('" + String.join("' '", words) + "'); COMP_CWORD=" + (words.length - 1);
        return shell("bash", "-c", "source " + script + "; " + line + "; _weed; printf '%s\\n' \"${COMPREPLY[@]}\"").lines().toList();
    }

    @Test
    void bashCompletesCommandsAndFlags(@TempDir Path directory) throws Exception {
        assumeThat(installed("bash")).as("bash is not installed").isTrue();
        Path script = Files.writeString(directory.resolve("weed"), script("bash"));

        assertThat(completed(script, "weed", "ser")).containsExactly("server");
        assertThat(completed(script, "weed", "")).contains("upload", "download", "benchmark", "help").doesNotContain("filer");
        assertThat(completed(script, "weed", "upload", "-max")).containsExactly("-maxMB=");
        assertThat(completed(script, "weed", "-logto")).containsExactly("-logtostderr");
        assertThat(completed(script, "weed", "-v", "=", "1", "upload", "-deb")).containsExactly("-debug");
        assertThat(completed(script, "weed", "help", "ver")).containsExactly("version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void theShellItselfTakesTheScript(String shell, @TempDir Path directory) throws Exception {
        String text = script(shell);
        assertThat(text).contains(Shell.MARK, "upload", "maxMB");
        assertThat(text.lines().filter(line -> line.chars().filter(c -> c == '\'').count() % 2 != 0)).isEmpty();
        assumeThat(installed(shell)).as(shell + " is not installed").isTrue();
        shell(shell, "-n", Files.writeString(directory.resolve("script"), text).toString());
    }

    @ParameterizedTest
    @CsvSource({"/bin/bash,.local/share/bash-completion/completions/weed", "/usr/bin/zsh,.zsh/completions/_weed"})
    void installsForTheShellOfTheUserAndTakesItAway(String program, String place, @TempDir Path home) throws Exception {
        FakeWorld world = new FakeWorld();
        world.home = home;
        world.environment.put("SHELL", program);
        Path file = home.resolve(place);

        assertThat(world.run("autocomplete")).isEqualTo(ExitCode.OK);
        assertThat(file).content().contains("upload");
        assertThat(world.err()).contains("wrote " + file);
        assertThat(world.run("autocomplete", "install")).as("again").isEqualTo(ExitCode.OK);
        assertThat(world.run("autocomplete.uninstall")).isEqualTo(ExitCode.OK);
        assertThat(file).doesNotExist();

        Files.writeString(file, "of somebody else");
        assertThat(world.run("autocomplete")).isEqualTo(ExitCode.FAILED);
        assertThat(world.run("autocomplete.uninstall")).isEqualTo(ExitCode.OK);
        assertThat(file).content().isEqualTo("of somebody else");
    }

    @Test
    void anUnknownShellIsTold() {
        FakeWorld world = new FakeWorld();
        assertThat(world.run("autocomplete", "tcsh")).isEqualTo(ExitCode.USAGE);
        assertThat(world.err()).contains("there is no script for \"tcsh\"");
        world.environment.put("SHELL", "/bin/tcsh");
        assertThat(world.run("autocomplete")).isEqualTo(ExitCode.FAILED);
    }
}
