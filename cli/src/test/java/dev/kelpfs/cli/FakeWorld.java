package dev.kelpfs.cli;

import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Signals;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.config.FileText;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.memory.MemoryDisk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A world in memory: what was printed can be read, files and variables can be set. */
public final class FakeWorld {
    public final Map<String, String> environment = new HashMap<>();
    public final Map<String, String> textFiles = new HashMap<>();
    public final Disk disk = new MemoryDisk();
    public String in = "";
    public boolean onTerminal;
    public Ticker ticker = Ticker.system();
    public Path home = Path.of("/home/kim");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    public Surroundings surroundings() {
        FileText files = file -> Optional.ofNullable(textFiles.get(file.toString()));
        return new Surroundings(
                environment, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), print(out), print(err),
                _ -> onTerminal, files, () -> disk, InstantSource.system(), ticker,
                () -> new SplittableRandom(1), Optional.of(home), Path.of("/tmp"), () -> "10.0.0.7",
                new NoSignals());
    }

    /** {@code weed} with these arguments. */
    public ExitCode run(String... arguments) {
        return new Weed(Commands.all(), surroundings()).run(List.of(arguments));
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static final class NoSignals implements Signals {
        @Override
        public void take(Runnable reload) {
            // Nobody sends any.
        }

        @Override
        public void stop() {
            // Nobody waits.
        }

        @Override
        public void awaitStop() {
            // A server that is asked to stop as soon as it has started.
        }
    }
}
