package dev.kelpfs.system;

import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a command of {@code ./weed} that is no server ended: its exit code and what it printed. */
record EndedTool(int code, String out, String err) {
    private static final int LIMIT_SECONDS = 60;

    JsonNode json() {
        return new JsonMapper().readTree(out);
    }

    /** Runs {@code ./weed <arguments>} in a directory, with this on its standard input, to its end. */
    static EndedTool run(TestDirectory directory, byte[] input, String... arguments) throws IOException, InterruptedException {
        return run(directory, input, Map.of(), arguments);
    }

    private static EndedTool run(TestDirectory directory, byte[] input, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessPlan plan = WeedLauncher.plan("tool", directory.path(), List.of(arguments));
        Path in = Files.createTempFile(directory.path(), "in", ".txt");
        Path out = Files.createTempFile(directory.path(), "out", ".txt");
        Path err = Files.createTempFile(directory.path(), "err", ".txt");
        Files.write(in, input);
        ProcessBuilder builder = new ProcessBuilder(plan.command()).directory(directory.path().toFile())
                .redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(plan.environment());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("weed " + String.join(" ", arguments) + " did not end within " + LIMIT_SECONDS + " s; it printed "
                    + Files.readString(err));
        }
        return new EndedTool(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    static EndedTool run(TestDirectory directory, String input, String... arguments) throws IOException, InterruptedException {
        return run(directory, input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    /** The same with variables on top of those of this process. */
    static EndedTool run(TestDirectory directory, String input, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return run(directory, input.getBytes(StandardCharsets.UTF_8), environment, arguments);
    }
}
