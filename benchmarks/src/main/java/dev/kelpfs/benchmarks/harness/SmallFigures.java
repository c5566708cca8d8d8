package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What is measured once per process rather than per request: start time and the memory of a short command. */
final class SmallFigures {
    private static final String HOST = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 2;

    private final HttpFiles http;
    private final Ticker ticker;
    private final Path weed;

    SmallFigures(HttpFiles http, Ticker ticker, Path weed) {
        this.http = http;
        this.ticker = ticker;
        this.weed = weed;
    }

    /** From {@code ./weed server} on an empty directory to the answer that the first file is stored. */
    Duration startToFirstFile(byte[] content) throws IOException, InterruptedException {
        try (TestDirectory directory = TestDirectory.create("start"); PortPair master = PortPair.reserve();
                PortPair volume = PortPair.reserve()) {
            ProcessPlan plan = ProcessPlan.of("server", directory.path(), List.of(
                    weed.toString(), "server", "-ip=" + HOST, "-dir=" + directory.resolve("data"),
                    "-master.port=" + master.http(), "-volume.port=" + volume.http()));
            InetSocketAddress address = new InetSocketAddress(HOST, master.http());
            long start = ticker.nanos();
            try (ManagedProcess server = ManagedProcess.start(plan)) {
                while (true) {
                    try {
                        HttpFiles.Range range = http.assign(address, 1);
                        http.store(range.url(), range.first(), content);
                        return ticker.since(start);
                    } catch (IOException notYet) {
                        if (ticker.since(start).compareTo(LIMIT) > 0 || !server.isAlive()) {
                            throw new IOException("no file stored: " + notYet.getMessage() + "\n" + server.log().tail(), notYet);
                        }
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        }
    }

    /** The most memory that {@code weed version} was seen with; looked at as often as the machine allows. */
    long versionPeakBytes() throws InterruptedException {
        try (TestDirectory directory = TestDirectory.create("version")) {
            ProcessPlan plan = ProcessPlan.of("version", directory.path(), List.of(weed.toString(), "version"));
            try (ManagedProcess process = ManagedProcess.start(plan)) {
                long peak = 0;
                while (process.isAlive()) {
                    try {
                        peak = Math.max(peak, process.status().peakResidentBytes());
                    } catch (IOException exited) {
                        break;
                    }
                }
                if (process.awaitExit(LIMIT) != 0) throw new IllegalStateException("weed version: " + process.log().tail());
                return peak;
            }
        }
    }
}
