package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server whose heartbeats stop gets no volumes, but whoever needs it is not refused for good: it may come back. */
class SilentServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private MasterHarness harness;
    private FakeVolumeServer a;
    private FakeVolumeServer b;

    @BeforeEach
    void start() throws Exception {
        harness = new MasterHarness();
        a = harness.connected("a", "r1", 100);
        b = harness.connected("b", "r1", 100);
        harness.skip(Duration.ofSeconds(20));
        a.send(a.full());
        Await.until("b counts as silent", PATIENCE, () -> harness.get("/ui/index.html").body().contains("silent"));
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void whoeverNeedsItIsToldItsNameAndToComeAgain() throws Exception {
        var refused = harness.get("/dir/assign?replication=001");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body()).contains("volume server b has sent no heartbeat for 2");
        assertThat(harness.get("/vol/grow?count=1&replication=001").body()).contains("volume server b has sent no heartbeat for 2");
        assertThat(harness.get("/dir/assign").statusCode()).as("others do without it").isEqualTo(200);
        assertThat(b.volumes).isEmpty();
    }

    @Test
    void itIsAssignedToAgainAfterItsNextBeat() throws Exception {
        assertThat(harness.get("/dir/assign?replication=001").statusCode()).isEqualTo(503);
        b.send(b.full());
        Await.until("b is written to", PATIENCE, () -> harness.get("/dir/assign?replication=001").statusCode() == 200);
        assertThat(b.volumes).isNotEmpty();
    }

    @Test
    void onceItIsGivenUpTheTopologyLacksIt() throws Exception {
        harness.skip(Duration.ofSeconds(50));
        a.send(a.full());
        Await.until("b is given up", PATIENCE, () -> harness.get("/dir/assign?replication=001").statusCode() == 406);
        assertThat(harness.get("/dir/assign?replication=001").body()).contains("replication 001 needs 2 servers on one rack, 1 is known");
    }
}
