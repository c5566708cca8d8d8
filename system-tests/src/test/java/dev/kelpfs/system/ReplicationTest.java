package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Copies of files on three volume servers in two racks, while servers die, hang and come back. */
class ReplicationTest {
    private static final HttpFiles HTTP = new HttpFiles();
    private static final TestDirectory DIRECTORY = TestDirectory.create("replication");
    private static final VolumeCluster CLUSTER = new VolumeCluster(DIRECTORY, HTTP);
    private static final int CLIENTS = 8;

    private static VolumeCluster.Server left;
    private static VolumeCluster.Server middle;
    private static VolumeCluster.Server right;

    @BeforeAll
    static void start() throws InterruptedException {
        CLUSTER.startMaster();
        left = CLUSTER.startServer("left", "r1");
        middle = CLUSTER.startServer("middle", "r1");
        right = CLUSTER.startServer("right", "r2");
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
        HTTP.close();
        DIRECTORY.close();
    }

    private static HttpFiles.Place assign(String replication) throws InterruptedException {
        return Await.value("a place for " + replication, VolumeCluster.LIMIT, () -> CLUSTER.tryAssign(replication));
    }

    private static List<String> copies(HttpFiles.Place place) throws InterruptedException {
        return Await.value("both copies of volume " + place.id().volume() + " are known", VolumeCluster.LIMIT, () -> {
            List<String> urls = CLUSTER.locations(place.id().volume());
            return urls.size() == 2 ? Optional.of(urls) : Optional.empty();
        });
    }

    /** What one server has by itself; it asks no other. */
    private static Answer local(String server, HttpFiles.Place place) throws IOException, InterruptedException {
        return HTTP.get(server + "/" + place.id() + "?proxied=true");
    }

    @Test
    void copiesLieWhereTheReplicationSays() throws Exception {
        assertThat(copies(assign("001"))).containsExactlyInAnyOrder(left.address(), middle.address());
        assertThat(copies(assign("010"))).contains(right.address());
        assertThat(copies(assign("010"))).containsAnyOf(left.address(), middle.address());
    }

    @Test
    void copiesAreEqualAfterAServerWasKilledUnderLoad() throws Exception {
        ReplicatedLoad load = new ReplicatedLoad(CLUSTER, HTTP, List.of("001", "010"));
        load.start(CLIENTS, Seed.announced("replicated load"));
        awaitMore(load, 300);
        middle.process().kill();
        Await.until("writes fail for want of a copy", VolumeCluster.LIMIT, () -> load.failures() > 5 || !load.errors().isEmpty());
        middle.start();
        awaitMore(load, 300);
        load.finish();

        assertThat(load.errors()).isEmpty();
        Map<String, List<String>> volumes = new TreeMap<>();
        for (Map.Entry<HttpFiles.Place, Optional<byte[]>> file : load.contents().entrySet()) {
            HttpFiles.Place place = file.getKey();
            List<String> servers = copies(place);
            volumes.put(place.id().volume().toString(), servers);
            for (String server : servers) {
                Answer answer = local(server, place);
                assertThat(answer.status()).as("%s on %s", place.id(), server).isEqualTo(file.getValue().isPresent() ? 200 : 404);
                if (file.getValue().isPresent()) assertThat(answer.body()).isEqualTo(file.getValue().get());
            }
        }
        assertThat(volumes).as("volumes written to").hasSizeGreaterThan(1);
        for (Map.Entry<String, List<String>> volume : volumes.entrySet()) {
            Map<String, String> one = VolumeFileRecords.live(CLUSTER.at(volume.getValue().get(0)).data(), volume.getKey());
            Map<String, String> other = VolumeFileRecords.live(CLUSTER.at(volume.getValue().get(1)).data(), volume.getKey());
            assertThat(other).as("records of volume " + volume.getKey() + ", byte for byte").isEqualTo(one).isNotEmpty();
        }
    }

    private static void awaitMore(ReplicatedLoad load, int changes) throws InterruptedException {
        long before = load.acknowledged();
        Await.until("changes go on", VolumeCluster.LIMIT,
                () -> load.acknowledged() >= before + changes || !load.errors().isEmpty());
    }

    @Test
    void aReplicaThatHangsFailsTheWriteByName() throws Exception {
        byte[] small = new Seed(1).bytes(3_000);
        byte[] large = new Seed(2).bytes(3 << 20);
        HttpFiles.Place first = assign("001");
        HttpFiles.Place second = assign("001");
        String server = left.address();
        copies(first);
        copies(second);
        assertThat(HTTP.post(server + "/" + first.id(), "a/b", small).status()).isEqualTo(201);
        middle.hang();
        try {
            Answer answer = HTTP.post(server + "/" + second.id(), "a/b", small);
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text()).contains(middle.address());
            assertThat(HTTP.post(server + "/" + second.id(), "a/b", large).status()).as("a large one").isEqualTo(500);
            assertThat(HTTP.get(server + "/" + first.id()).body()).as("reads go on").isEqualTo(small);
            assertThat(HTTP.delete(server + "/" + first.id()).status()).as("a delete").isEqualTo(500);
        } finally {
            middle.goOn();
        }
        Await.until("the write is repeated", VolumeCluster.LIMIT,
                () -> HTTP.post(server + "/" + second.id(), "a/b", large).status() / 100 == 2);
        Await.until("the delete is repeated", VolumeCluster.LIMIT, () -> {
            int status = HTTP.delete(server + "/" + first.id()).status();
            return status == 202 || status == 404;
        });
        for (VolumeCluster.Server copy : List.of(left, middle)) {
            assertThat(local(copy.address(), second).body()).isEqualTo(large);
            assertThat(local(copy.address(), first).status()).isEqualTo(404);
        }
    }

    @Test
    void writesWithCopiesGoOnWithoutAMaster() throws Exception {
        byte[] content = new Seed(3).bytes(10_000);
        HttpFiles.Place known = assign("010");
        HttpFiles.Place place = Await.value("another id in the same volume", VolumeCluster.LIMIT, () ->
                CLUSTER.tryAssign("010").filter(other -> other.id().volume().equals(known.id().volume())));
        List<String> servers = copies(known);
        assertThat(HTTP.post(servers.get(0) + "/" + known.id(), "a/b", content).status()).isEqualTo(201);
        CLUSTER.masterProcess().kill();
        try {
            for (VolumeCluster.Server server : List.of(left, middle, right)) {
                assertThat(HTTP.get(server.address() + "/healthz").status()).isEqualTo(200);
                assertThat(HTTP.get(server.address() + "/readyz").status()).isEqualTo(200);
            }
            assertThat(HTTP.post(servers.get(0) + "/" + place.id(), "a/b", content).status()).isEqualTo(201);
            for (String server : servers) assertThat(local(server, place).body()).isEqualTo(content);
            assertThat(HTTP.get(servers.get(1) + "/" + known.id()).body()).isEqualTo(content);
        } finally {
            CLUSTER.startMaster();
        }
        Await.until("the master assigns again", VolumeCluster.LIMIT, () -> CLUSTER.tryAssign("010").isPresent());
    }
}
