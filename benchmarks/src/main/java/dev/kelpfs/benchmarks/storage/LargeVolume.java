package dev.kelpfs.benchmarks.storage;

import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.DeleteResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A volume with many small needles: written by the engine, then opened again and again, each time in a process of its
 * own that knows nothing yet, as after a restart of a server.
 */
final class LargeVolume {
    private static final int ID = 1;
    private static final int DATA_BYTES = 16;
    /** Assigned keys have gaps: other volumes get their share of them. */
    private static final int KEY_STEP = 7;
    /** One needle of so many is overwritten, and one deleted. */
    private static final int CHANGED_SHARE = 100;

    /** As the launcher starts a volume server. */
    private static final List<String> SERVER_FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseParallelGC",
            "-XX:ParallelGCThreads=2", "-Xms32m", "-Xmx512m", "-XX:MaxNewSize=40m", "-Dslf4j.internal.verbosity=ERROR");

    private final Path directory;
    private final Ticker ticker;

    LargeVolume(Path directory, Ticker ticker) {
        this.directory = directory;
        this.ticker = ticker;
    }

    /** Writes the volume; gives the appends in a second. */
    double fill(int needles) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        ByteBuffer data = ByteBuffer.allocateDirect(DATA_BYTES);
        try (OpenedStore store = OpenedStore.open(RealDisk.create(), directory, ticker)) {
            Volume volume = store.create(ID);
            long start = ticker.nanos();
            for (int i = 1; i <= needles; i++) append(volume, i, data.putLong(0, i));
            double seconds = ticker.since(start).toNanos() / 1e9;
            for (int i = 0; i < needles / CHANGED_SHARE; i++) {
                append(volume, random.nextInt(1, needles + 1), data.putLong(0, -i));
                DeleteResult deleted =
                        volume.delete(key(random.nextInt(1, needles + 1)), Optional.empty(), Durability.PROCESS_DEATH);
                if (!(deleted instanceof DeleteResult.Deleted || deleted instanceof DeleteResult.NotFound)) {
                    throw new IllegalStateException("a deletion for the measurement ended in " + deleted);
                }
            }
            return needles / seconds;
        }
    }

    private static void append(Volume volume, int number, ByteBuffer data) throws IOException {
        NeedleDraft draft = OpenedStore.draft(key(number).bits(), data);
        AppendResult result = volume.tryAppend(draft);
        // As a server does when an overwritten record is not in memory any more.
        if (result instanceof AppendResult.Busy) result = volume.append(draft, Durability.PROCESS_DEATH);
        if (!(result instanceof AppendResult.Stored)) {
            throw new IllegalStateException("an append for the measurement ended in " + result);
        }
    }

    private static NeedleKey key(int number) {
        return new NeedleKey((long) number * KEY_STEP);
    }

    /** Opens the volume in a fresh process and checks that it is all there; gives what the opening took. */
    Duration open(int needles) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SERVER_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LargeVolume.class.getName(),
                directory.toString(), Integer.toString(needles)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (process.waitFor() != 0) throw new IOException("opening the large volume failed");
        return Duration.ofNanos(Long.parseLong(answer));
    }

    /** The process that opens: directory and number of needles; prints nanoseconds. */
    public static void main(String[] args) throws IOException {
        Ticker ticker = Ticker.system();
        long start = ticker.nanos();
        try (OpenedStore opened = OpenedStore.open(RealDisk.create(), Path.of(args[0]), ticker)) {
            Duration took = ticker.since(start);
            int needles = Integer.parseInt(args[1]);
            Volume volume = opened.store().volume(new VolumeId(ID)).orElseThrow();
            if (!volume.readOnly().isWritable()) throw new IllegalStateException(volume.readOnly().toString());
            int live = 0;
            for (int i = 1; i <= needles; i++) {
                FindResult found = volume.find(key(i));
                if (found instanceof FindResult.Hit hit) {
                    hit.close();
                    live++;
                } else if (!(found instanceof FindResult.Deleted)) {
                    throw new IllegalStateException("needle " + i + " is lost: " + found);
                }
            }
            if (live < needles - needles / CHANGED_SHARE) throw new IllegalStateException("only " + live + " needles live");
            System.out.println(took.toNanos());
        }
    }
}
