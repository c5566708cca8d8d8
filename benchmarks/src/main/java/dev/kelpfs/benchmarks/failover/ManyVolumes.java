package dev.kelpfs.benchmarks.failover;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cluster of six processes with many volumes that loses power, as it were, and is started again. */
final class ManyVolumes {
    private static final int BATCH = 100;
    private static final Pattern VOLUME = Pattern.compile("\"Id\":([0-9]+)");

    private ManyVolumes() {}

    /** From the start of the processes to the next write, and to the moment when every master finds every volume. */
    record Figures(long writeMillis, long foundMillis) {}

    static Figures measure(Path weed, Asking asking, Ticker ticker, int volumes) throws Exception {
        int mostVolumes = volumes / Cluster.SERVERS + BATCH;
        try (TestDirectory directory = TestDirectory.create("bench-volumes");
                Cluster cluster = new Cluster(Form.SIX, weed, directory, asking, mostVolumes)) {
            Path file = directory.resolve("file");
            Files.write(file, new byte[1024]);
            Curl curl = new Curl(file);
            cluster.startAll();
            cluster.awaitWell();
            Set<String> ids = grow(cluster, asking, volumes);
            Await.until("a write", Await.LONGEST, () -> curl.write(cluster.master(0)));
            cluster.killAll();
            long begun = ticker.nanos();
            cluster.startAll();
            while (!curl.write(cluster.master(0))) Thread.sleep(20);
            long write = ticker.since(begun).toMillis();
            for (int i = 0; i < Cluster.SERVERS; i++) {
                for (String id : ids) awaitFound(asking, cluster.master(i), id);
            }
            return new Figures(write, ticker.since(begun).toMillis());
        }
    }

    private static Set<String> grow(Cluster cluster, Asking asking, int volumes) throws Exception {
        String master = cluster.master(cluster.awaitLeader());
        Set<String> ids = new HashSet<>();
        for (int asked = 0; ids.size() < volumes; asked++) {
            if (asked > volumes / BATCH * 2 + 2) throw new IllegalStateException("the cluster has " + ids.size() + " volumes only");
            int count = Math.min(BATCH, volumes - ids.size());
            asking.text(master + "/vol/grow?count=" + count + "&collection=c" + asked);
            Matcher found = VOLUME.matcher(asking.text(master + "/vol/status"));
            while (found.find()) ids.add(found.group(1));
            System.out.println(ids.size() + " volumes");
        }
        return ids;
    }

    private static void awaitFound(Asking asking, String master, String id) throws InterruptedException {
        Await.until(master + " finds volume " + id, Await.LONGEST,
                () -> asking.text(master + "/dir/lookup?volumeId=" + id).contains("\"url\""));
    }
}
