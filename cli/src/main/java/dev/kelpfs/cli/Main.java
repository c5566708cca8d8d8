package dev.kelpfs.cli;

import dev.kelpfs.cli.command.Signals;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.cli.server.DetectedHost;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.config.FileText;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.real.RealDisk;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the process begins and ends: the real world is put together here and nowhere else. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Surroundings world = world(System.getenv(), new TextFiles(), new ProcessSignals());
        System.exit(new Weed(Commands.all(), world).run(List.of(arguments)).number());
    }

    /** This machine, with what a training must not depend on passed in. */
    static Surroundings world(Map<String, String> environment, FileText files, Signals signals) {
        return new Surroundings(
                environment,
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                new ProcessTerminals(),
                files,
                () -> Machine.DISK,
                InstantSource.system(),
                Ticker.system(),
                () -> Machine.RANDOM,
                Optional.ofNullable(System.getProperty("user.home")).map(Path::of),
                Path.of(System.getProperty("java.io.tmpdir")),
                DetectedHost::find,
                signals);
    }

    /** What is one per process and made when first asked for. */
    private static final class Machine {
        static final Disk DISK = RealDisk.create();
        static final SecureRandom RANDOM = new SecureRandom();
    }

    /** Texts are UTF-8 whatever the locale of the terminal says; collectors of logs expect no less. */
    private static PrintStream utf8(FileDescriptor target) {
        return new PrintStream(new FileOutputStream(target), true, StandardCharsets.UTF_8);
    }
}
