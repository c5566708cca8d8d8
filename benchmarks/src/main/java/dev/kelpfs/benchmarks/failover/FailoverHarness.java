package dev.kelpfs.benchmarks.failover;

import dev.kelpfs.benchmarks.harness.Medians;
import dev.kelpfs.benchmarks.harness.Table;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.TestDirectory;
import java.util.List;
import java.util.Locale;

/** Measures clusters that start, lose their leader, and come back as a whole, and prints one table. */
public final class FailoverHarness {
    private static final long START_MILLIS = 6_000;

    private final FailoverOptions options;
    private final Ticker ticker;
    private final Asking asking;
    private final Table table = new Table("", "rounds", "least", "median", "most", "asked for", "");
    private boolean failed;

    private FailoverHarness(FailoverOptions options, Ticker ticker, Asking asking) {
        this.options = options;
        this.ticker = ticker;
        this.asking = asking;
    }

    /** @param args see {@code benchmarks/README.md} */
    public static void main(String[] args) throws Exception {
        FailoverOptions options;
        try {
            options = FailoverOptions.parse(args);
        } catch (IllegalArgumentException wrongUse) {
            System.err.println(wrongUse.getMessage());
            System.exit(2);
            return;
        }
        FailoverHarness harness;
        try (Asking asking = new Asking()) {
            harness = new FailoverHarness(options, Ticker.system(), asking);
            for (Form form : options.forms()) harness.measure(form);
            if (options.volumes() > 0) harness.restart();
        }
        System.out.println("\n" + harness.table.render());
        System.exit(harness.failed ? 1 : 0);
    }

    private void measure(Form form) throws Exception {
        FreshClusters fresh = new FreshClusters(options.weed(), asking, ticker);
        for (int round = 1; round <= options.fresh(); round++) {
            System.out.println(form.label + ": fresh cluster, round " + round + " of " + options.fresh());
            fresh.measure(form);
        }
        row(form.label + ", empty directories, to the first id", fresh.plainMillis(), START_MILLIS, START_MILLIS, 0);
        row(form.label + ", empty directories, to the first id with 001",
                fresh.copiedMillis(), START_MILLIS, START_MILLIS, fresh.refused());
        if (options.rounds() == 0) return;
        try (TestDirectory directory = TestDirectory.create("bench-failover");
                Cluster cluster = new Cluster(form, options.weed(), directory, asking, 0);
                LeaderDeaths deaths = LeaderDeaths.of(cluster, directory, asking, ticker)) {
            for (Death death : Death.values()) {
                LeaderDeaths.Figures figures = deaths.measure(death, options.rounds(), form.label);
                String what = form.label + ", leader " + death.word;
                row(what + ", to the next write by curl", figures.curlMillis(), death.medianMillis, death.mostMillis, 0);
                row(what + ", to the next write by our client", figures.clientMillis(), death.medianMillis, death.mostMillis, 0);
                table.row(what + ", lookups at a survivor", Long.toString(figures.lookups()), "", "", "", "0 failed",
                        figures.failedLookups() == 0 ? "0 failed" : figures.failedLookups() + " FAILED");
                failed |= figures.failedLookups() > 0;
            }
        }
    }

    private void restart() throws Exception {
        System.out.println("six processes: restart with " + options.volumes() + " volumes");
        ManyVolumes.Figures figures = ManyVolumes.measure(options.weed(), asking, ticker, options.volumes());
        String what = "six processes, all killed and started again with " + options.volumes() + " volumes, to ";
        row(what + "the next write", List.of(figures.writeMillis()), START_MILLIS, START_MILLIS, 0);
        row(what + "all volumes found at all masters", List.of(figures.foundMillis()), START_MILLIS, START_MILLIS, 0);
    }

    private void row(String what, List<Long> millis, long medianLimit, long mostLimit, int failures) {
        failed |= failures > 0;
        if (millis.isEmpty()) return;
        double[] sorted = millis.stream().mapToDouble(Long::doubleValue).sorted().toArray();
        double median = Medians.of(millis, Long::doubleValue);
        double most = sorted[sorted.length - 1];
        String limit = medianLimit == mostLimit ? text(mostLimit) : text(medianLimit) + ", most " + text(mostLimit);
        String remark = failures > 0 ? failures + " FAILED" : median > medianLimit || most > mostLimit ? "MISSED" : "";
        table.row(what, Integer.toString(millis.size()), text(sorted[0]), text(median), text(most), limit, remark);
    }

    private static String text(double millis) {
        return String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }
}
