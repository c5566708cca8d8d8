package dev.kelpfs.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a shell does not do by mistake: the user's, another administrator's, or its own. */
class CarefulShellTest {
    private final FakeCluster cluster;
    private final AtomicLong skippedNanos = new AtomicLong();

    CarefulShellTest() throws IOException {
        cluster = new FakeCluster();
    }

    @BeforeEach
    void fill() {
        cluster.master.volumes.add(FakeMaster.volume(3, "").build());
        cluster.master.volumes.add(FakeMaster.volume(7, "pics").build());
        cluster.master.volumes.add(FakeMaster.volume(8, "pics").build());
        var system = cluster.ticker;
        cluster.ticker = () -> system.nanos() + skippedNanos.get();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void anIdOfMoreThan32BitsIsNotThatOfAnotherVolume() throws Exception {
        long cutTo3 = (1L << 32) + 3;
        assertThat(cluster.shell("lock", "volume.delete -node=127.0.0.1:8080 -volumeId=" + cutTo3,
                "volume.mark -node=127.0.0.1:8080 -readonly -volumeId=" + cutTo3, "volume.vacuum -volumeId=" + cutTo3,
                "volume.list -volumeId=" + cutTo3, "volume.vacuum -volumeId=0")).isFalse();
        assertThat(cluster.err().lines()).hasSize(5)
                .allMatch(line -> line.contains("-volumeId must be 1 to 4294967295, got "));
        assertThat(cluster.master.volumes).hasSize(3);
        assertThat(cluster.volumeServer.marks).isEmpty();
        assertThat(cluster.master.vacuums).isEmpty();
    }

    @Test
    void aListOfIdsThatNamesNoneIsNotAllOfThem() throws Exception {
        assertThat(cluster.shell("lock", "volume.vacuum -volumeId=,")).isFalse();
        assertThat(cluster.err()).contains("-volumeId names no volume, got \",\"");
        assertThat(cluster.master.vacuums).isEmpty();

        assertThat(cluster.shell("lock", "volume.vacuum -volumeId=7,3,7")).isTrue();
        assertThat(cluster.master.vacuums).extracting(vacuum -> vacuum.getVolumeId()).containsExactly(3, 7);
    }

    @Test
    void theOlderWordForApplyWinsAlsoWhenItSaysNo() throws Exception {
        assertThat(cluster.shell("lock", "collection.delete -collection=pics -apply -force=false")).isTrue();
        assertThat(cluster.out()).contains("this is a simulation");
        assertThat(cluster.err()).contains("-force is the older word for -apply");
        assertThat(cluster.master.volumes).hasSize(3);
    }

    @Test
    void aCollectionThatIsListedWithoutAVolumeCanBeDeleted() throws Exception {
        cluster.master.emptyCollections.add("mistyped");
        assertThat(cluster.shell("lock", "collection.delete -collection=mistyped -apply")).isTrue();
        assertThat(cluster.out()).isEqualTo("collection mistyped is deleted\n");
        assertThat(cluster.shell("lock", "collection.delete -collection=mistyped -apply")).isFalse();
        assertThat(cluster.err()).contains("there is no collection mistyped");
    }

    @Test
    void whoLosesTheLockBetweenTwoStepsStopsThere() throws Exception {
        cluster.volumeServer.onMark = this::loseTheLock;
        assertThat(cluster.shell("lock", "volume.mark -collection=pics -readonly", "volume.vacuum", "lock", "volume.vacuum")).isFalse();
        assertThat(cluster.volumeServer.marks).hasSize(1);
        assertThat(cluster.err().lines()).hasSize(2).allMatch(line -> line.contains("the lock is lost"))
                .anyMatch(line -> line.contains("1 of 2 copies are not marked: the lock is lost"))
                .allMatch(line -> line.contains("run lock and repeat the command"));
        assertThat(cluster.master.vacuums).hasSize(1);
        cluster.master.vacuums.clear();

        cluster.master.onVacuum = this::loseTheLock;
        assertThat(cluster.shell("lock", "volume.vacuum -volumeId=3,7,8")).isFalse();
        assertThat(cluster.master.vacuums).hasSize(1);
        assertThat(cluster.err()).contains("volume 7 and those after it: the lock is lost");
    }

    private void loseTheLock() {
        skippedNanos.addAndGet(Duration.ofSeconds(11).toNanos());
    }

    @Test
    void aServerIsKnownByItsAddressWithOrWithoutThePortOfGrpc() throws Exception {
        String address = "127.0.0.1:8080." + cluster.master.volumeServerGrpcPort;
        assertThat(cluster.shell("volume.list -dataNode=" + address)).isTrue();
        assertThat(cluster.out()).contains("volume Id:3,");
        assertThat(cluster.err()).isEmpty();
        assertThat(cluster.shell("lock", "volume.delete -node=" + address + " -volumeId=3")).isTrue();
        assertThat(cluster.shell("lock", "volume.delete -node=server7 -volumeId=7")).isFalse();
        assertThat(cluster.err()).contains("the cluster has no volume server server7; it has 127.0.0.1:8080");
    }

    @Test
    void aPlaceThatTheClusterDoesNotHaveIsNotTakenForAnEmptyOne() throws Exception {
        assertThat(cluster.shell("volume.list -dataCenter=dc9", "volume.list -rack=r9", "volume.list -dataNode=10.9.9.9:8080",
                "volume.list -dataCenter=dc1 -rack=r1 -dataNode=127.0.0.1:8080")).isTrue();
        assertThat(cluster.err().lines()).containsExactly(
                "warning: the cluster has no data center dc9; it has dc1",
                "warning: the cluster has no rack r9; it has r1",
                "warning: the cluster has no volume server 10.9.9.9:8080; it has 127.0.0.1:8080");
        assertThat(cluster.shell("volume.list -v=-1")).isFalse();
        assertThat(cluster.err()).contains("-v must be 0 to 5, got -1");
    }

    @Test
    void aFailureThatNobodyForesawDoesNotEndTheShell() throws Exception {
        cluster.master.masters.addFirst("no address");
        assertThat(cluster.shell("cluster.raft.remove -id=10.0.0.9:9333", "lock", "collection.list")).isFalse();
        assertThat(cluster.err()).contains("error: cluster.raft.remove: internal error, ", "no address");
        assertThat(cluster.out()).contains("Total 2 collections.");
        Await.until("the lock is given back", Duration.ofSeconds(60), () -> cluster.master.releases.get() == 1);
    }

    @Test
    void theShellsOwnWordsHaveHelpAndAreSuggested() throws Exception {
        assertThat(cluster.shell("help help", "help exit")).isTrue();
        assertThat(cluster.out().lines()).containsExactly(
                "help: this list, or what one command does: help volume.list; also ?", "exit: leave; also quit");
        assertThat(cluster.shell("hlep")).isFalse();
        assertThat(cluster.err()).contains("did you mean help?");
    }
}
