package dev.kelpfs.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code wrk}, the usual tool: written in C, so it takes the least processor time away from the server beside it. */
public final class WrkLoad implements LoadGenerator {
    private static final int THREADS = 2;
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Pattern RESULT = Pattern.compile("(?m)^kelp-load (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)$");

    private final Path script;
    private final String version;

    private WrkLoad(Path script, String version) {
        this.script = script;
        this.version = version;
    }

    /** Looks for {@code wrk} on the PATH. @param directory takes the script that wrk runs */
    public static Optional<WrkLoad> find(Path directory) throws InterruptedException {
        try {
            // wrk -v prints its version and usage, and ends with 1.
            String output = call(List.of("wrk", "-v"), GRACE).output();
            Matcher version = Pattern.compile("^wrk (?:debian/)?(\\S+)").matcher(output);
            Path script = directory.resolve("load.lua");
            try (InputStream in = WrkLoad.class.getResourceAsStream("load.lua")) {
                if (in == null) throw new IllegalStateException("load.lua is not in the jar");
                Files.write(script, in.readAllBytes());
            }
            return Optional.of(new WrkLoad(script, version.find() ? version.group(1) : "of unknown version"));
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
    }

    @Override
    public String describe() {
        return "wrk " + version + ", " + THREADS + " threads";
    }

    @Override
    public LoadResult run(Workload workload, int connections, Duration duration) throws IOException, InterruptedException {
        int threads = Math.min(THREADS, connections);
        Path rest = script.resolveSibling("rest-of-request");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(workload.tail().getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(workload.body());
        Files.write(rest, bytes.toByteArray());
        String url = "http://" + workload.address().getHostString() + ":" + workload.address().getPort() + "/";
        List<String> command = List.of(
                "wrk", "-t" + threads, "-c" + connections, "-d" + Math.max(1, duration.toSeconds()) + "s", "-s",
                script.toString(), url, "--", workload.method(), workload.targets().toString(),
                workload.order().name().toLowerCase(Locale.ROOT), rest.toString(), Integer.toString(threads));
        Called called = call(command, duration.plus(GRACE));
        if (called.exitCode() != 0) throw new IOException("wrk ended with " + called.exitCode() + ": " + called.output());
        return parse(called.output());
    }

    static LoadResult parse(String output) throws IOException {
        Matcher result = RESULT.matcher(output);
        if (!result.find()) throw new IOException("wrk printed no line kelp-load, but: " + output);
        return new LoadResult(
                Long.parseLong(result.group(1)),
                Long.parseLong(result.group(2)),
                Duration.of(Long.parseLong(result.group(3)), ChronoUnit.MICROS),
                TimeUnit.MICROSECONDS.toNanos(Long.parseLong(result.group(4))),
                TimeUnit.MICROSECONDS.toNanos(Long.parseLong(result.group(5))));
    }

    private record Called(int exitCode, String output) {}

    private static Called call(List<String> command, Duration limit) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            // Its output is a few lines, so it cannot fill the pipe while we wait.
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(command.get(0) + " did not end within " + limit.toSeconds() + " s");
            }
            return new Called(process.exitValue(), new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
