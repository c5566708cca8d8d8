package dev.kelpfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client tells masters of servers that it could not write to. */
class FailedWriteReportsTest {
    private static final int ROUNDS = 50;
    private static final NewFile FILE = NewFile.of(new byte[1]);

    private final AtomicLong nanos = new AtomicLong();
    private FakeCluster cluster;
    private KelpClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster(2);
        ClientOptions usual = ClientOptions.of(cluster.masterAddress());
        client = KelpClient.connect(new ClientOptions(
                usual.masters(), Duration.ZERO, usual.requestTimeout(), usual.chunks(), usual.habits(), nanos::get));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private void failToStore() {
        assertThatThrownBy(() -> client.put(FILE, Placement.DEFAULT)).isInstanceOf(KelpException.class);
    }

    @Test
    void oneThatIsGoneIsReportedAndNotAgainWithinASecond() throws Exception {
        cluster.server(0).stop();
        failToStore();
        failToStore();
        Await.until("it is reported", Await.LONGEST, () -> !cluster.reported.isEmpty());
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        failToStore();
        Await.until("a second later it is reported again", Await.LONGEST, () -> cluster.reported.size() == 2);
        assertThat(cluster.reported).containsOnly(cluster.server(0).url());
    }

    @Test
    void oneThatFailsIsReportedAndOneThatRefusesIsNot() throws Exception {
        cluster.failures.add(400);
        failToStore();
        cluster.master.holders = List.of(1, 0);
        cluster.failures.add(500);
        failToStore();
        Await.until("the failure is reported", Await.LONGEST, () -> !cluster.reported.isEmpty());
        assertThat(cluster.reported).containsExactly(cluster.server(1).url());
    }

    @Test
    void aMasterOfTheReferenceIsToldOnce() throws Exception {
        cluster.takesReports = false;
        cluster.server(0).stop();
        failToStore();
        Await.until("it is told", Await.LONGEST, () -> !cluster.reported.isEmpty());
        for (int i = 0; i < ROUNDS; i++) {
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            failToStore();
        }
        // What was sent has been taken when the master has closed.
        cluster.stopMaster();
        assertThat(cluster.reported).as("and is left in peace when its answer is there").hasSizeLessThan(ROUNDS);
    }
}
