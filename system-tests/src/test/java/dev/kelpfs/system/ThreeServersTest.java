package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** One master and three volume servers on two racks, each a process: what the master arranges between them. */
@ExtendWith(TestDirectories.class)
class ThreeServersTest {
    private static final String HOST = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SERVERS = 3;

    private final HttpFiles http = new HttpFiles();
    private final List<PortPair> ports = new ArrayList<>();
    private final List<ManagedProcess> processes = new ArrayList<>();

    @BeforeEach
    void start(TestDirectory directory) throws Exception {
        for (int i = 0; i <= SERVERS; i++) ports.add(PortPair.reserve());
        processes.add(ManagedProcess.start(WeedLauncher.plan("master", directory.path(), List.of(
                "master", "-ip=" + HOST, "-port=" + ports.getFirst().http(), "-mdir=" + directory.resolve("mdir"),
                "-volumeSizeLimitMB=64"))));
        for (int i = 1; i <= SERVERS; i++) {
            processes.add(ManagedProcess.start(WeedLauncher.plan("volume" + i, directory.path(), List.of(
                    "volume", "-ip=" + HOST, "-port=" + ports.get(i).http(), "-dir=" + directory.resolve("data" + i),
                    "-mserver=" + server(0), "-rack=r" + (i == SERVERS ? 2 : 1), "-max=50", "-preStopSeconds=0"))));
        }
        processes.getFirst().awaitUntil("all three servers are known", LIMIT, () -> servers().size() == SERVERS);
    }

    @AfterEach
    void stop() {
        processes.forEach(ManagedProcess::close);
        ports.forEach(PortPair::close);
        http.close();
    }

    @Test
    void aMasterArrangesPlacesUploadsCollectionsAndGarbage() throws Exception {
        copiesAreSpreadAsTheDigitsSay();
        anUploadThroughTheMasterIsFoundThroughIt();
        aDeletedCollectionIsGoneFromEveryDisk();
        vacuumGivesBackWhatWasDeleted();
        aStoppedServerHoldsUpNobody();
    }

    private void copiesAreSpreadAsTheDigitsSay() throws Exception {
        assertThat(http.get(server(0) + "/dir/assign?replication=010&collection=spread").status()).isEqualTo(200);
        Await.until("every copy of the collection is there", LIMIT, () -> places("spread").size() == 12);
        for (List<String> racks : racksByVolume("spread")) assertThat(racks).containsExactlyInAnyOrder("r1", "r2");
        Answer impossible = http.get(server(0) + "/dir/assign?replication=100");
        assertThat(impossible.status()).isEqualTo(406);
        assertThat(impossible.text()).contains("replication 100 needs 2 data centers, 1 is known; start a volume server with -dataCenter");
    }

    private void anUploadThroughTheMasterIsFoundThroughIt() throws Exception {
        byte[] content = new Seed(11).bytes(300_000);
        Answer submitted = http.postForm(server(0) + "/submit", "p\u00e4per.bin", "application/octet-stream", content);
        assertThat(submitted.status()).as(submitted.toString()).isEqualTo(201);
        assertThat(submitted.json().get("fileName").asString()).isEqualTo("p\u00e4per.bin");
        assertThat(submitted.json().get("size").asLong()).isEqualTo(content.length);
        String fid = submitted.json().get("fid").asString();
        Answer redirect = http.get(server(0) + "/" + fid);
        assertThat(redirect.status()).isEqualTo(308);
        Answer file = http.get(redirect.header("Location").substring("http://".length()));
        assertThat(file.body()).isEqualTo(content);
        assertThat(file.header("ETag")).isEqualTo("\"" + submitted.json().get("eTag").asString() + "\"");
        assertThat(http.get(submitted.json().get("fileUrl").asString()).body()).isEqualTo(content);
    }

    private void aDeletedCollectionIsGoneFromEveryDisk() throws Exception {
        String fid = submit("?collection=doomed", new Seed(12).bytes(1000));
        String url = url(fid);
        assertThat(http.get(url).status()).isEqualTo(200);
        assertThat(http.get(server(0) + "/col/delete").status()).isEqualTo(400);
        assertThat(http.get(server(0) + "/col/delete?collection=doomed").status()).isEqualTo(204);
        assertThat(places("doomed")).isEmpty();
        assertThat(http.get(url).status()).isEqualTo(404);
        assertThat(http.get(server(0) + "/col/delete?collection=doomed").status()).isEqualTo(400);
    }

    private void vacuumGivesBackWhatWasDeleted() throws Exception {
        byte[] content = new Seed(13).bytes(100_000);
        List<String> fids = new ArrayList<>();
        for (int i = 0; i < 30; i++) fids.add(submit("?collection=dirty", content));
        for (String fid : fids.subList(0, 25)) assertThat(http.delete(url(fid)).status()).isEqualTo(202);
        Await.until("the master hears of the garbage", LIMIT, () -> sizes("dirty", "DeletedByteCount") > 0
                && sizes("dirty", "DeleteCount") == 25);
        long before = sizes("dirty", "Size");
        Answer vacuumed = http.get(server(0) + "/vol/vacuum?garbageThreshold=0.01");
        assertThat(vacuumed.status()).as(vacuumed.toString()).isEqualTo(200);
        assertThat(sizes("dirty", "Size")).isLessThan(before / 3);
        Await.until("beats say the same", LIMIT, () -> sizes("dirty", "DeleteCount") == 0);
        for (String fid : fids.subList(25, 30)) assertThat(http.get(url(fid)).body()).isEqualTo(content);
        for (String fid : fids.subList(0, 25)) assertThat(http.get(url(fid)).status()).isEqualTo(404);
    }

    private void aStoppedServerHoldsUpNobody() throws Exception {
        ManagedProcess stopped = processes.get(1);
        stopped.signal(Signal.STOP);
        try {
            Set<Integer> ids = new TreeSet<>();
            for (int i = 0; i < 5; i++) {
                Answer answer = http.get(server(0) + "/dir/assign?collection=urgent" + i);
                assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
                assertThat(answer.json().get("url").asString()).isNotEqualTo(server(1));
                ids.add(Integer.parseInt(answer.json().get("fid").asString().split(",")[0]));
            }
            assertThat(ids).hasSize(5);
        } finally {
            stopped.signal(Signal.CONT);
        }
    }

    private String submit(String query, byte[] content) throws Exception {
        Answer submitted = http.post(server(0) + "/submit" + query, "application/octet-stream", content);
        assertThat(submitted.status()).as(submitted.toString()).isEqualTo(201);
        return submitted.json().get("fid").asString();
    }

    private String url(String fid) throws Exception {
        return http.get(server(0) + "/dir/lookup?volumeId=" + fid).json().get("locations").get(0).get("url").asString() + "/" + fid;
    }

    private Set<String> servers() throws Exception {
        Set<String> urls = new HashSet<>();
        for (JsonNode center : http.get(server(0) + "/dir/status").json().path("Topology").path("DataCenters")) {
            for (JsonNode rack : center.get("Racks")) rack.get("DataNodes").forEach(node -> urls.add(node.get("Url").asString()));
        }
        return urls;
    }

    private record Copy(long volume, String rack, JsonNode info) {}

    private List<Copy> places(String collection) throws Exception {
        List<Copy> copies = new ArrayList<>();
        JsonNode centers = http.get(server(0) + "/vol/status").json().path("Volumes").path("DataCenters");
        centers.forEach(center -> center.properties().forEach(rack -> rack.getValue().forEach(node -> node.forEach(volume -> {
            if (volume.get("Collection").asString().equals(collection)) {
                copies.add(new Copy(volume.get("Id").asLong(), rack.getKey(), volume));
            }
        }))));
        return copies;
    }

    private List<List<String>> racksByVolume(String collection) throws Exception {
        List<Copy> copies = places(collection);
        return copies.stream().map(Copy::volume).distinct()
                .map(id -> copies.stream().filter(copy -> copy.volume == id).map(Copy::rack).toList()).toList();
    }

    private long sizes(String collection, String member) throws Exception {
        return places(collection).stream().mapToLong(copy -> copy.info.get(member).asLong()).sum();
    }

    private String server(int index) {
        return HOST + ":" + ports.get(index).http();
    }
}
