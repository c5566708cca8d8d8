package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that sends heartbeats but cannot be called costs no ids, and nobody who can do without it a wait. */
class UnreachableServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private MasterHarness harness;
    /** Connections are taken by the system and answered by nobody. */
    private ServerSocket hole;
    /** A thread for each: the common pool of a small machine has one. */
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    /** A server without beats gets no volumes after some seconds. */
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();

    @BeforeEach
    void start() throws Exception {
        harness = new MasterHarness();
        hole = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws Exception {
        beats.shutdownNow();
        clients.shutdownNow();
        harness.close();
        hole.close();
    }

    @Test
    void volumesAreMadeOnTheOthersInOneRequestAndNoIdIsSpent() throws Exception {
        FakeVolumeServer a = harness.connected("a", "r1", 100);
        FakeVolumeServer b = harness.connected("b", "r1", 100);
        FakeVolumeServer silent = silent("silent", "r1");
        AssignResponse assigned = assign("", "001");
        assertThat(Set.of(assigned.getLocation().getUrl(), assigned.getReplicas(0).getUrl())).containsExactlyInAnyOrder(a.url(), b.url());
        Await.until("all are made", PATIENCE, () -> a.volumes.size() == 6 && b.volumes.size() == 6);
        assertThat(new TreeSet<>(a.volumes.keySet())).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(silent.volumes).isEmpty();
    }

    @Test
    void layoutsGrowSideBySideBesideIt() throws Exception {
        FakeVolumeServer good = harness.connected("good", "r1", 1000);
        List<FakeVolumeServer> beating = new ArrayList<>(List.of(good));
        for (int i = 0; i < 5; i++) beating.add(silent("silent" + i, "r1"));
        beats.scheduleWithFixedDelay(() -> beating.forEach(server -> server.send(server.full())), 1, 1, TimeUnit.SECONDS);
        List<Future<AssignResponse>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String collection = "c" + i;
            all.add(clients.submit(() -> assignAsClientsDo(collection)));
        }
        for (Future<AssignResponse> one : all) {
            assertThat(one.get(60, TimeUnit.SECONDS).getLocation().getUrl()).isEqualTo(good.url());
        }
        Await.until("every layout has its seven", PATIENCE, () -> good.volumes.size() == 56);
        assertThat(new TreeSet<>(good.volumes.keySet()).last()).as("no id was spent in vain").isEqualTo(56);
    }

    @Test
    void whatCannotBeDoneWithoutItIsAnsweredWithItsName() throws Exception {
        harness.connected("a", "r1", 100);
        silent("silent", "r1");
        var answer = harness.get("/dir/assign?replication=001");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(answer.body()).contains("silent does not answer");
        assertThat(harness.get("/vol/grow?count=1&dataNode=silent").body()).contains("silent does not answer");
    }

    @Test
    void whoeverAsksForVolumesHearsOfServersThatDidNotAnswerHoweverManyWereTried() throws Exception {
        for (int i = 0; i < 6; i++) silent("silent" + i, "r1");
        assertThat(harness.get("/vol/grow?count=1").body())
                .contains("does not answer").contains("; and 2 more servers").doesNotContain("free slot");
    }

    @Test
    void itGetsANewChanceAtOnceWhenItComesAnew() throws Exception {
        FakeVolumeServer server = silent("a", "r1");
        assertThat(harness.get("/dir/assign").statusCode()).isEqualTo(503);
        server.disconnect();
        Await.until("it is gone", PATIENCE, () -> harness.get("/dir/status").body().contains("\"DataCenters\":null"));
        server.isCalledAt(0);
        server.connect(harness.address());
        assertThat(assign("", "000").getFid()).isNotEmpty();
    }

    private AssignResponse assign(String collection, String replication) {
        return harness.grpc().assign(AssignRequest.newBuilder().setCollection(collection).setReplication(replication).build());
    }

    /** Comes again when it is told to: on a busy machine ten seconds may not be enough. */
    private AssignResponse assignAsClientsDo(String collection) {
        while (true) {
            try {
                return assign(collection, "000");
            } catch (StatusRuntimeException refused) {
                if (refused.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) throw refused;
            }
        }
    }

    private FakeVolumeServer silent(String id, String rack) throws Exception {
        FakeVolumeServer server = harness.server(id, "dc1", rack, 100);
        server.isCalledAt(hole.getLocalPort());
        server.join(harness.address());
        return server;
    }
}
