package dev.kelpfs.benchmarks.harness;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that was measured, and the table it makes.
 *
 * @param title one line: versions, machine, load
 * @param samples by kind, one for each round
 * @param starts one for each round
 * @param memory what was seen of resident memory
 */
record Report(String title, Map<Kind, List<Sample>> samples, List<Duration> starts, Memory memory) {
    private static final double STRICT_MEGABYTE = 1e6;

    /** Resident bytes: a server after its start, and the most while it was under load. */
    record Memory(long volumeIdle, long volumePeak, long masterIdle, long masterPeak, long versionPeak) {}

    /** How many requests failed in all rounds. */
    long failures() {
        return samples.values().stream().flatMap(List::stream).mapToLong(sample -> sample.load().failures()).sum();
    }

    String render() {
        Table table = new Table("", "median", "of ceiling", "at least", "aim", "CPU µs/request", "p50 ms", "p99 ms", "");
        double ceiling = Medians.of(samples.get(Kind.CEILING), Sample::perSecond);
        for (Kind kind : Kind.values()) rate(table, kind, ceiling);
        time(table, "start: empty directory to first stored file", Medians.of(starts, Duration::toMillis) / 1000, 1.2, 0.8);
        memory(table, "memory: volume server, idle", memory.volumeIdle(), 160);
        memory(table, "memory: volume server, peak under these loads", memory.volumePeak(), 280);
        memory(table, "memory: master, idle", memory.masterIdle(), 200);
        memory(table, "memory: master, peak under these loads", memory.masterPeak(), 300);
        memory(table, "memory: weed version", memory.versionPeak(), 80);
        return title + "\n\n" + table.render();
    }

    private void rate(Table table, Kind kind, double ceiling) {
        List<Sample> all = samples.get(kind);
        double perSecond = Medians.of(all, Sample::perSecond);
        double percent = 100 * perSecond / ceiling;
        long failed = all.stream().mapToLong(sample -> sample.load().failures()).sum();
        table.row(
                kind.title,
                text("%,.0f/s", perSecond),
                text("%.0f %%", percent),
                kind.leastPercent == 0 ? "" : kind.leastPercent + " %",
                kind.aimPercent == 0 ? "" : kind.aimPercent + " %",
                text("%.1f", Medians.of(all, Sample::processorMicros)),
                text("%.2f", Medians.of(all, Sample::p50Millis)),
                text("%.2f", Medians.of(all, Sample::p99Millis)),
                failed > 0 ? failed + " FAILED" : verdict(percent >= kind.leastPercent));
    }

    private static void time(Table table, String name, double seconds, double least, double aim) {
        table.row(name, text("%.2f s", seconds), "", text("%.1f s", least), text("%.1f s", aim), "", "", "",
                verdict(seconds <= least));
    }

    private static void memory(Table table, String name, long bytes, int least) {
        table.row(name, text("%.0f MB", bytes / STRICT_MEGABYTE), "", least + " MB", "", "", "", "",
                verdict(bytes <= least * STRICT_MEGABYTE));
    }

    private static String verdict(boolean reached) {
        return reached ? "" : "MISSED";
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
