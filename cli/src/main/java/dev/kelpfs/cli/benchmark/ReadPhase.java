package dev.kelpfs.cli.benchmark;

import dev.kelpfs.client.FileContent;
import dev.kelpfs.client.KelpClient;
import dev.kelpfs.client.KelpException;
import dev.kelpfs.core.FileId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Reads files of a list, at random or each once in its order. Used once. Source: command line, section 11. */
final class ReadPhase {
    private static final String TITLE = "Randomly Reading Benchmark";
    private static final int BUFFER_BYTES = 1 << 16;

    private final BenchmarkPlan plan;
    private final KelpClient kelp;
    private final PhaseRun phase;
    private final RandomGenerator random;
    private final AtomicLong next = new AtomicLong();

    ReadPhase(BenchmarkPlan plan, KelpClient kelp, PhaseRun phase) {
        this.plan = plan;
        this.kelp = kelp;
        this.phase = phase;
        this.random = phase.world().random().get();
    }

    PhaseReport run() throws IOException {
        List<FileId> ids = ids();
        if (ids.isEmpty()) throw new IOException("the list " + plan.list() + " names no file; write some first");
        long requests = plan.sequential() ? ids.size() : plan.requests();
        Tally tally = new Tally(requests);
        return phase.run(TITLE, tally, () -> {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (long i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                int index = plan.sequential() ? (int) i : random.nextInt(ids.size());
                read(ids.get(index), buffer, tally);
            }
        });
    }

    private void read(FileId id, byte[] buffer, Tally tally) {
        phase.seen(id.toString());
        long startNanos = phase.world().ticker().nanos();
        try (FileContent content = kelp.get(id).orElseThrow(() -> new KelpException("there is no such file"))) {
            long bytes = drain(content.body(), buffer);
            tally.completed(phase.world().ticker().since(startNanos).toNanos(), bytes);
        } catch (IOException failed) {
            tally.failed();
            phase.failed("read of " + id, failed);
        }
    }

    private static long drain(InputStream in, byte[] buffer) throws IOException {
        long bytes = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) bytes += count;
        return bytes;
    }

    private List<FileId> ids() throws IOException {
        List<FileId> ids = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(plan.list())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = line.strip();
                if (!text.isEmpty() && !text.startsWith("#")) ids.add(FileId.parse(text));
            }
        } catch (IllegalArgumentException notAnId) {
            throw new IOException("the list " + plan.list() + " holds something else than file ids: " + notAnId.getMessage(),
                    notAnId);
        }
        return ids;
    }
}
