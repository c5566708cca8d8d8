package dev.kelpfs.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kelpfs.benchmarks.ceiling.CeilingServer;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDirectories.class)
class LoadGeneratorTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void ownGeneratorGetsAnswersOnAllConnections(TestDirectory directory) throws Exception {
        shortLoad(new OwnLoad(Ticker.system()), directory, Duration.ofMillis(200));
    }

    @Test
    void wrkDoesWhereItIsInstalled(TestDirectory directory) throws Exception {
        Optional<WrkLoad> wrk = WrkLoad.find(directory.path());
        assumeThat(wrk).as("wrk is not installed: apt-get install wrk").isPresent();
        shortLoad(wrk.orElseThrow(), directory, Duration.ofSeconds(1));
    }

    @Test
    void anUnreachableServerIsAnErrorNotAZero(TestDirectory directory) throws Exception {
        InetSocketAddress gone;
        try (CeilingServer server = CeilingServer.start(ANY, 1)) {
            gone = server.address();
        }
        Workload workload = Workload.get(gone, targets(directory));
        assertThatThrownBy(() -> new OwnLoad(Ticker.system()).run(workload, 2, Duration.ofMillis(50)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no load on");
    }

    @Test
    void sequentialTargetsAreUsedOnceBeforeAnyIsUsedTwice(TestDirectory directory) throws Exception {
        Path file = Files.write(directory.resolve("many"), List.of("/1", "/2", "/3", "/4", "/5"));
        Workload workload = new Workload(ANY, "POST", file, Workload.Order.SEQUENTIAL, List.of(), new byte[] {1});
        Targets targets = Targets.read(workload);
        Set<String> seen = new TreeSet<>();
        for (int thread = 0; thread < 2; thread++) {
            Supplier<byte[]> own = targets.of(thread, 2);
            int share = thread == 0 ? 2 : 3;
            for (int i = 0; i < share; i++) assertThat(seen.add(Arrays.toString(own.get()))).isTrue();
            assertThat(seen.add(Arrays.toString(own.get()))).as("the second time round").isFalse();
        }
        assertThat(seen).hasSize(5);
    }

    @Test
    void readsWhatTheScriptPrints() throws IOException {
        LoadResult result = WrkLoad.parse("Running 1s test\n  2 threads\nkelp-load 1000 3 2000000 640 5100\n");
        assertThat(result).isEqualTo(new LoadResult(1000, 3, Duration.ofSeconds(2), 640_000, 5_100_000));
        assertThat(result.perSecond()).isEqualTo(500);
        assertThatThrownBy(() -> WrkLoad.parse("unable to connect")).isInstanceOf(IOException.class)
                .hasMessageContaining("unable to connect");
    }

    private static void shortLoad(LoadGenerator generator, TestDirectory directory, Duration duration) throws Exception {
        try (CeilingServer server = CeilingServer.start(ANY, 1)) {
            for (Workload workload : List.of(
                    Workload.get(server.address(), targets(directory)),
                    new Workload(server.address(), "POST", targets(directory), Workload.Order.SEQUENTIAL,
                            List.of("Content-Type: text/plain"), new byte[3000]))) {
                LoadResult result = generator.run(workload, 5, duration);
                assertThat(result.failures()).as(generator.describe()).isZero();
                assertThat(result.requests()).isGreaterThanOrEqualTo(5);
                assertThat(result.p99Nanos()).isGreaterThanOrEqualTo(result.p50Nanos()).isPositive();
                assertThat(result.elapsed()).isGreaterThanOrEqualTo(duration.dividedBy(2));
            }
        }
    }

    private static Path targets(TestDirectory directory) throws IOException {
        return Files.write(directory.resolve("targets"), List.of("/1,01", "/2,02", "/3,03"));
    }
}
