package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.core.FileId;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/**
 * Lists of file ids for the load. Ids are shuffled in windows that span many assignments, so that neighbouring requests
 * hit different volumes and keys, as those of many users do.
 */
final class TargetFiles {
    private static final int IDS_PER_ASSIGN = 250;
    private static final int ASSIGNS_PER_WINDOW = 32;
    private static final int STORING_THREADS = 32;

    private final HttpFiles http;
    private final InetSocketAddress master;
    private final String parameters;
    private final RandomGenerator random;

    TargetFiles(HttpFiles http, InetSocketAddress master, RandomGenerator random) {
        this(http, master, "", random);
    }

    /** @param parameters of assignments of fresh ids, each with its ampersand in front */
    TargetFiles(HttpFiles http, InetSocketAddress master, String parameters, RandomGenerator random) {
        this.parameters = parameters;
        this.http = http;
        this.master = master;
        this.random = random;
    }

    /** Writes {@code count} ids that were never used, at least. */
    void writeFresh(Path file, int count) throws IOException, InterruptedException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (int written = 0; written < count; ) {
                List<FileId> window = new ArrayList<>();
                for (int i = 0; i < ASSIGNS_PER_WINDOW; i++) {
                    window.addAll(http.assign(master, IDS_PER_ASSIGN, parameters).ids());
                }
                Collections.shuffle(window, random);
                for (FileId id : window) out.append('/').append(id.toString()).append('\n');
                written += window.size();
            }
        }
    }

    /** Stores {@code count} files with the same content, one id at a time as users do, and writes their ids. */
    void store(Path file, int count, byte[] content) throws IOException, InterruptedException {
        List<FileId> stored = Collections.synchronizedList(new ArrayList<>(count));
        try (ExecutorService threads = Executors.newFixedThreadPool(STORING_THREADS)) {
            List<Future<?>> parts = new ArrayList<>();
            for (int t = 0; t < STORING_THREADS; t++) {
                int share = count * (t + 1) / STORING_THREADS - count * t / STORING_THREADS;
                parts.add(threads.submit(() -> {
                    for (int i = 0; i < share; i++) {
                        HttpFiles.Range range = http.assign(master, 1);
                        http.store(range.url(), range.first(), content);
                        stored.add(range.first());
                    }
                    return null;
                }));
            }
            for (Future<?> part : parts) part.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw new IOException("the files to be read could not be stored: " + cause.getMessage(), cause);
        }
        Collections.shuffle(stored, random);
        Files.write(file, stored.stream().map(id -> "/" + id).toList(), StandardCharsets.US_ASCII);
    }
}
