package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code weed master.follower} beside three masters, one of which is killed. */
@ExtendWith(TestDirectories.class)
class MasterFollowerTest {
    @Test
    void lookupsGoOnWithoutAFailureWhenTheLeaderIsKilled(TestDirectory directory) throws Exception {
        try (HttpFiles http = new HttpFiles();
                PortPair ports = PortPair.reserve();
                MasterCluster cluster = new MasterCluster(directory, http);
                ManagedProcess follower = ManagedProcess.start(WeedLauncher.plan("follower", directory.path(), List.of(
                        "master.follower", "-ip.bind=localhost", "-port=" + ports.http(),
                        "-master=" + String.join(",", cluster.masters()))));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            String at = "localhost:" + ports.http();
            follower.awaitUntil("it runs before any master does", MasterCluster.LIMIT, () -> http.get(at + "/healthz").status() == 200);
            assertThat(http.get(at + "/readyz").status()).isEqualTo(503);
            assertThat(http.get(at + "/dir/lookup?volumeId=1").status()).as("nobody can say that there is none").isEqualTo(503);

            cluster.startAll();
            int leader = cluster.awaitLeader();
            HttpFiles.Place place = Await.value("a place beside the leader", MasterCluster.LIMIT, () -> {
                Optional<HttpFiles.Place> given = http.tryAssign(cluster.master(leader));
                return given.filter(one -> !one.url().equals(cluster.volume(leader)));
            });
            String lookup = at + "/dir/lookup?volumeId=" + place.id().volume();
            Await.until("its map is complete", MasterCluster.LIMIT, () -> http.get(at + "/readyz").status() == 200);
            Await.until("it was told of the volume", MasterCluster.LIMIT,
                    () -> http.get(at + "/cluster/status").json().path("Volumes").asInt() > 0);

            AtomicInteger found = new AtomicInteger();
            AtomicBoolean over = new AtomicBoolean();
            Future<Optional<Answer>> failed = clients.submit(() -> {
                while (!over.get()) {
                    Answer answer = http.get(lookup);
                    if (answer.status() != 200 || !answer.text().contains(place.url())) return Optional.of(answer);
                    found.incrementAndGet();
                }
                return Optional.<Answer>empty();
            });
            Await.until("lookups are answered", MasterCluster.LIMIT, () -> found.get() > 10 || failed.isDone());
            cluster.process(leader).kill();
            Await.until("it follows the next leader", MasterCluster.LIMIT, () -> {
                Optional<Integer> next = cluster.leader().filter(index -> index != leader);
                String follows = http.get(at + "/cluster/status").json().path("Leader").asString("");
                return next.isPresent() && follows.startsWith(cluster.master(next.get()) + ".");
            });
            int before = found.get();
            Await.until("and goes on", MasterCluster.LIMIT, () -> found.get() > before + 10 || failed.isDone());
            over.set(true);
            assertThat(failed.get()).as("a lookup that failed").isEmpty();
            assertThat(http.get(at + "/dir/lookup?volumeId=4000").status()).isEqualTo(404);

            EndedTool members = EndedTool.run(directory, "cluster.raft.ps\n", "shell", "-master=" + String.join(",", cluster.masters()));
            assertThat(members.out()).contains("has 3 servers").doesNotContain(":" + ports.http());
        }
    }
}
