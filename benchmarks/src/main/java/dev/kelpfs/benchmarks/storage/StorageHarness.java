package dev.kelpfs.benchmarks.storage;

import dev.kelpfs.benchmarks.harness.Medians;
import dev.kelpfs.benchmarks.harness.Table;
import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.real.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures the storage engine in rounds and prints one table. An operation that fails ends it with an error. */
public final class StorageHarness {
    private static final double OPEN_SECONDS_AT_MOST = 3;
    private static final int ONE_VOLUME_AT_LEAST = 20;
    private static final int VOLUMES_AT_LEAST = 6;
    /** Below this a sync is so short that waiting together gains little, and no figure is asked for. */
    private static final double SYNC_MILLIS_THAT_COUNT = 1;

    private final StorageOptions options;
    private final Ticker ticker;
    private final Table table = new Table("", "median", "lowest", "highest", "wanted", "writes a sync", "ms a sync", "");

    private StorageHarness(StorageOptions options, Ticker ticker) {
        this.options = options;
        this.ticker = ticker;
    }

    /** @param args see {@code benchmarks/README.md} */
    public static void main(String[] args) throws Exception {
        StorageOptions options;
        try {
            options = StorageOptions.parse(args);
        } catch (IllegalArgumentException wrongUse) {
            System.err.println(wrongUse.getMessage());
            System.exit(2);
            return;
        }
        System.out.println("\n" + run(options, Ticker.system()));
    }

    /** Measures; gives the table with a line on top. */
    static String run(StorageOptions options, Ticker ticker) throws IOException, InterruptedException {
        return new StorageHarness(options, ticker).measure();
    }

    private String measure() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(options.directory(), "kelp-bench-storage-");
        try {
            opening(Files.createDirectory(directory.resolve("large")));
            DurableWrites writes = new DurableWrites(directory, ticker);
            durable(writes, Duration.ZERO);
            if (!options.delay().isZero()) durable(writes, options.delay());
        } finally {
            RealDisk.create().deleteTree(directory);
        }
        return "Kelp " + KelpVersion.RELEASE + ", JDK " + Runtime.version() + ", "
                + Runtime.getRuntime().availableProcessors() + " cores; " + options.rounds() + " rounds of "
                + options.seconds() + " s\n\n" + table.render();
    }

    private void opening(Path directory) throws IOException, InterruptedException {
        LargeVolume large = new LargeVolume(directory, ticker);
        System.out.println("writing " + options.needles() + " needles");
        double rate = large.fill(options.needles());
        table.row(text("append, one thread, %,d needles", options.needles()), text("%,.0f/s", rate), "", "", "", "", "", "");
        System.out.println("opening them");
        List<Double> seconds = new ArrayList<>();
        large.open(options.needles());
        for (int i = 0; i < options.rounds(); i++) seconds.add(large.open(options.needles()).toNanos() / 1e9);
        boolean asked = options.needles() == 10_000_000;
        double median = Medians.of(seconds, second -> second);
        row(text("open, %,d needles", options.needles()), "%.2f s", seconds,
                asked ? text("< %.0f s", OPEN_SECONDS_AT_MOST) : "", asked && median >= OPEN_SECONDS_AT_MOST);
    }

    private void durable(DurableWrites writes, Duration delay) throws IOException, InterruptedException {
        String disk = delay.isZero() ? "this disk" : "with " + delay.toMillis() + " ms added to a sync";
        compare(writes, 1, delay, disk, ONE_VOLUME_AT_LEAST);
        if (options.volumes() > 1) compare(writes, options.volumes(), delay, disk, VOLUMES_AT_LEAST);
    }

    private void compare(DurableWrites writes, int volumes, Duration delay, String disk, int atLeast)
            throws IOException, InterruptedException {
        List<DurableWrites.Rate> single = new ArrayList<>();
        List<DurableWrites.Rate> shared = new ArrayList<>();
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            System.out.println("durable writes, " + volumes + " volumes, " + disk + ", round " + (i + 1));
            single.add(writes.measure(volumes, volumes, delay, Duration.ofSeconds(options.seconds())));
            shared.add(writes.measure(options.writers(), volumes, delay, Duration.ofSeconds(options.seconds())));
            times.add(shared.getLast().perSecond() / single.getLast().perSecond());
        }
        String where = (volumes == 1 ? "1 volume, " : volumes + " volumes, ") + disk;
        rates("fsync, one writer a volume, " + where, single);
        rates("fsync, " + options.writers() + " writers, " + where, shared);
        boolean asked = Medians.of(single, DurableWrites.Rate::syncMillis) > SYNC_MILLIS_THAT_COUNT;
        row("  times", "%.1f", times, asked ? ">= " + atLeast : "", asked && Medians.of(times, time -> time) < atLeast);
    }

    private void rates(String name, List<DurableWrites.Rate> rates) {
        List<Double> perSecond = rates.stream().map(DurableWrites.Rate::perSecond).toList();
        table.row(name, text("%,.0f/s", Medians.of(perSecond, rate -> rate)), text("%,.0f/s", least(perSecond)),
                text("%,.0f/s", most(perSecond)), "", text("%.1f", Medians.of(rates, DurableWrites.Rate::writesPerSync)),
                text("%.2f", Medians.of(rates, DurableWrites.Rate::syncMillis)), "");
    }

    private void row(String name, String format, List<Double> values, String wanted, boolean missed) {
        table.row(name, text(format, Medians.of(values, value -> value)), text(format, least(values)),
                text(format, most(values)), wanted, "", "", missed ? "MISSED" : "");
    }

    private static double least(List<Double> values) {
        return values.stream().mapToDouble(value -> value).min().orElseThrow();
    }

    private static double most(List<Double> values) {
        return values.stream().mapToDouble(value -> value).max().orElseThrow();
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
