package dev.kelpfs.cli.command;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.config.FileText;
import dev.kelpfs.disk.Disk;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The world as a command sees it; the real one is put together in {@code dev.kelpfs.cli.Main} alone.
 *
 * @param in what is typed or piped in; read by who asks for it only
 * @param terminals which of the standard streams belong to a person
 * @param files how a text file is read
 * @param disk the one disk of the process; making it loads native code, so small commands never ask for it
 * @param random hard to guess, safe for all threads
 * @param detectedHost this machine's address, looked up when first asked for
 * @param signals what tells a server to stop or to reload
 */
public record Surroundings(
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminals terminals,
        FileText files,
        Supplier<Disk> disk,
        InstantSource clock,
        Ticker ticker,
        Supplier<RandomGenerator> random,
        Optional<Path> home,
        Path temporaryDirectory,
        Supplier<String> detectedHost,
        Signals signals) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }
}
