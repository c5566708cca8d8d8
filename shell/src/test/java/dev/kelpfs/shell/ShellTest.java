package dev.kelpfs.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Shells that are given lines, against servers that answer over real sockets. */
class ShellTest {
    private final FakeCluster cluster;

    ShellTest() throws IOException {
        cluster = new FakeCluster();
    }

    @BeforeEach
    void fill() {
        cluster.master.volumes.add(FakeMaster.volume(3, "").build());
        cluster.master.volumes.add(FakeMaster.volume(7, "pics").setReadOnly(true).setReplicaPlacement(1).build());
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void helpNeedsNoMasterAndListsEveryCommand() throws Exception {
        assertThat(cluster.shell("help", "? volume.list", "help nonsense")).isFalse();
        assertThat(cluster.out())
                .contains("  lock                          \t# take the lock", "  cluster.check  ", "  volume.vacuum  ")
                .contains("volume.list: list all volumes", "More: volume.list -h");
        assertThat(cluster.err()).contains("unknown command: nonsense");
    }

    @Test
    void aFailureDoesNotStopWhatFollowsAndIsRememberedForTheEnd() throws Exception {
        assertThat(cluster.shell("volume.lst; collection.list")).isFalse();
        assertThat(cluster.err()).contains("unknown command: volume.lst", "did you mean volume.list?");
        assertThat(cluster.out()).contains("Total 2 collections.");

        assertThat(cluster.shell("volume.list -nonsense")).isFalse();
        assertThat(cluster.err()).contains("flag provided but not defined: -nonsense", "Usage of volume.list:");
        assertThat(cluster.shell("volume.list 'open")).isFalse();
        assertThat(cluster.err()).contains("the quote ' is not closed");
        assertThat(cluster.shell("volume.list -h", "", " ; ", "exit", "nonsense")).isTrue();
        assertThat(cluster.err()).contains("Usage of volume.list:", "-collectionPattern").doesNotContain("nonsense", "-options");
    }

    @Test
    void whatChangesTheClusterNeedsTheLock() throws Exception {
        assertThat(cluster.shell("volume.delete -node=127.0.0.1:8080 -volumeId=3")).isFalse();
        assertThat(cluster.err()).isEqualTo("error: volume.delete needs the lock, which is not held: run lock first\n");
        assertThat(cluster.master.volumes).hasSize(2);

        assertThat(cluster.shell("lock; volume.delete -node=127.0.0.1:8080 -volumeId=3; unlock; unlock")).isTrue();
        assertThat(cluster.out()).startsWith("volume 3 is deleted from 127.0.0.1:8080");
        assertThat(cluster.master.volumes).hasSize(1);
        assertThat(cluster.master.releases).hasValue(1);
    }

    @Test
    void theLockIsGivenBackAtTheEnd() throws Exception {
        assertThat(cluster.shell("lock")).isTrue();
        assertThat(cluster.master.releases).hasValue(1);
    }

    @Test
    void whoHasTheLockIsSaidAndItIsWaitedFor() throws Exception {
        cluster.master.otherHolder = "10.0.0.1";
        cluster.master.refusals.set(2);
        assertThat(cluster.shell("lock")).isTrue();
        assertThat(cluster.err()).isEqualTo("the lock is held by 10.0.0.1 (volume.balance); waiting\nthe lock is acquired\n");
    }

    @Test
    void volumesAreListedAsATree() throws Exception {
        assertThat(cluster.shell("volume.list")).isTrue();
        assertThat(cluster.out()).isEqualTo("""
                Topology volumeSizeLimit:30720 MB hdd(volume:2/8 active:2 free:6 remote:0)
                  DataCenter dc1 hdd(volume:2/8 active:2 free:6 remote:0)
                    Rack r1 hdd(volume:2/8 active:2 free:6 remote:0)
                      DataNode 127.0.0.1:8080 hdd(volume:2/8 active:2 free:6 remote:0)
                        Disk hdd(volume:2/8 active:2 free:6 remote:0) id:0
                          volume Id:3, Size:3000, ReplicaPlacement:000, Collection:, Version:3, Ttl:, FileCount:10, \
                DeleteCount:1, DeletedByteCount:50, ReadOnly:false, ModifiedAtSecond:1700000000\s
                          volume Id:7, Size:7000, ReplicaPlacement:001, Collection:pics, Version:3, Ttl:, FileCount:10, \
                DeleteCount:1, DeletedByteCount:50, ReadOnly:true, ModifiedAtSecond:1700000000\s
                        Disk hdd {Size:10000 FileCount:20 DeletedFileCount:2 DeletedBytes:100}
                      DataNode 127.0.0.1:8080 {Size:10000 FileCount:20 DeletedFileCount:2 DeletedBytes:100}
                    Rack r1 {Size:10000 FileCount:20 DeletedFileCount:2 DeletedBytes:100}
                  DataCenter dc1 {Size:10000 FileCount:20 DeletedFileCount:2 DeletedBytes:100}
                total size:10000 file_count:20 deleted_file:2 deleted_bytes:100
                """);
    }

    @Test
    void theTreeCanBeNarrowedDown() throws Exception {
        assertThat(cluster.shell("volume.list -readonly", "volume.list -writable -v=4", "volume.list -collectionPattern=x*")).isTrue();
        String text = cluster.out();
        assertThat(text.lines().filter(line -> line.startsWith("          volume"))).singleElement().asString().contains("Id:7,");
        assertThat(text.lines().filter(line -> line.startsWith("Topology"))).hasSize(3);
        assertThat(text.lines().filter(line -> line.startsWith("  DataCenter dc1 hdd"))).hasSize(2);
        assertThat(text).endsWith("total size:0 file_count:0\n");

        assertThat(cluster.shell("volume.list -o=json -volumeId=7")).isTrue();
        JsonNode json = new JsonMapper().readTree(cluster.out());
        JsonNode node = json.get("dataCenters").get(0).get("racks").get(0).get("nodes").get(0);
        assertThat(node.get("disks").get(0).get("volumes").get(0).get("collection").asString()).isEqualTo("pics");
        assertThat(node.get("address").asString()).startsWith("127.0.0.1:8080.");
        assertThat(json.get("sums").get("size").asLong()).isEqualTo(7000);

        assertThat(cluster.shell("volume.list -readonly -writable")).isFalse();
        assertThat(cluster.shell("volume.list -o=xml")).isFalse();
        assertThat(cluster.shell("volume.list more")).isFalse();
        assertThat(cluster.err()).contains("exclude each other", "-o must be text or json", "takes flags only");
    }

    @Test
    void aVolumeIdInTwoCollectionsIsWarnedOf() throws Exception {
        cluster.master.volumes.add(FakeMaster.volume(7, "docs").build());
        assertThat(cluster.shell("volume.list -v=0")).isTrue();
        assertThat(cluster.err()).isEqualTo("warning: volume id 7 is in use in 2 collections: \"docs\", \"pics\"\n");
    }

    @Test
    void volumesAreMarkedAndTheMarkIsLookedAt() throws Exception {
        assertThat(cluster.shell("lock", "volume.mark -node 127.0.0.1:8080 -volumeId 3 -readonlyCanDelete")).isTrue();
        assertThat(cluster.volumeServer.marks).singleElement().satisfies(mark -> {
            assertThat(mark.getPersist()).isTrue();
            assertThat(mark.getCanDelete()).isTrue();
        });
        assertThat(cluster.shell("lock", "volume.mark -collection=pics -writable")).isTrue();
        assertThat(cluster.out()).contains("volume 7 on 127.0.0.1:8080.", " is writable now");

        cluster.volumeServer.forgetsMarks = true;
        assertThat(cluster.shell("lock", "volume.mark -collection=_default -writable")).isFalse();
        assertThat(cluster.err()).contains("1 of 1 copies are not marked: volume 3", "still read-only");
    }

    @Test
    void marksThatMakeNoSenseAreRefused() throws Exception {
        assertThat(cluster.shell("lock", "volume.mark -collection=pics", "volume.mark -collection=pics -writable -readonly",
                "volume.mark -node=127.0.0.1:8080 -writable", "volume.mark -node=10.1.1.1:8080 -volumeId=3 -writable",
                "volume.mark -node=127.0.0.1:8080 -volumeId=9 -writable", "volume.mark -collection=no -readonly",
                "volume.mark -node=127.0.0.1:8080 -volumeId=3 -collection=pics -readonly")).isFalse();
        assertThat(cluster.err().lines()).containsExactly(
                "error: volume.mark: give exactly one of -writable, -readonly and -readonlyCanDelete",
                "error: volume.mark: give exactly one of -writable, -readonly and -readonlyCanDelete",
                "error: volume.mark: -volumeId is missing",
                "error: volume.mark: the cluster has no volume server 10.1.1.1:8080; it has 127.0.0.1:8080",
                "error: volume.mark: volume 9 is not on 127.0.0.1:8080, nor on any other server",
                "error: volume.mark: there is no volume in collection no",
                "error: volume.mark: give -node and -volumeId, or -collection");
        assertThat(cluster.volumeServer.marks).isEmpty();
    }

    @Test
    void theMasterVacuumsWhatItIsAskedTo() throws Exception {
        assertThat(cluster.shell("lock", "volume.vacuum -garbageThreshold=0.1 -volumeId=3,7", "volume.vacuum -collection pics")).isTrue();
        assertThat(cluster.master.vacuums).extracting(vacuum -> vacuum.getVolumeId()).containsExactly(3, 7, 0);
        assertThat(cluster.master.vacuums.getLast().getCollection()).isEqualTo("pics");
        assertThat(cluster.master.messages).contains("");

        assertThat(cluster.shell("lock", "volume.vacuum -volumeId=3,99", "volume.vacuum -garbageThreshold=2")).isFalse();
        assertThat(cluster.err()).contains("there is no volume 99", "-garbageThreshold must be 0 to 1");
        assertThat(cluster.master.vacuums).hasSize(3);
    }

    @Test
    void collectionsAreListedWithEveryVolumeCountedOnce() throws Exception {
        cluster.master.volumes.add(FakeMaster.volume(7, "pics").setReplicaPlacement(1).build());
        assertThat(cluster.shell("collection.list")).isTrue();
        assertThat(cluster.out()).isEqualTo("""
                collection:""\tvolumeCount:1\tsize:3000\tfileCount:10\tdeletedBytes:50\tdeletion:1
                collection:"pics"\tvolumeCount:1\tsize:7000\tfileCount:10\tdeletedBytes:50\tdeletion:1
                Total 2 collections.
                """);
        assertThat(cluster.shell("collection.list -o json")).isTrue();
        JsonNode json = new JsonMapper().readTree(cluster.out());
        assertThat(json.get(1).get("collection").asString()).isEqualTo("pics");
        assertThat(json.get(1).get("size").asLong()).isEqualTo(7000);
    }

    @Test
    void aCollectionIsDeletedOnlyWhenToldToApply() throws Exception {
        assertThat(cluster.shell("lock", "collection.delete -collection=pics")).isTrue();
        assertThat(cluster.out()).contains("1 copies of volumes would be deleted", "-apply");
        assertThat(cluster.master.volumes).hasSize(2);
        assertThat(cluster.shell("lock", "collection.delete -collection=pics -apply")).isTrue();
        assertThat(cluster.out()).isEqualTo("collection pics is deleted\n");
        assertThat(cluster.shell("lock", "collection.delete -collection=_default_ -force")).isTrue();
        assertThat(cluster.master.volumes).isEmpty();
        assertThat(cluster.shell("lock", "collection.delete -collection=pics -apply", "collection.delete -apply")).isFalse();
        assertThat(cluster.err()).contains("there is no collection pics", "-collection is missing");
    }

    @Test
    void processesAreListed() throws Exception {
        assertThat(cluster.shell("cluster.ps")).isTrue();
        assertThat(cluster.out()).contains("* masters 1\n  * 127.0.0.1:9333.", " (leader)\n", "* volume servers 1\n  * data center dc1\n"
                + "    * rack r1\n      * 127.0.0.1:8080.", " 4.44\n");
        assertThat(cluster.shell("cluster.ps -o=json")).isTrue();
        JsonNode json = new JsonMapper().readTree(cluster.out());
        assertThat(json.get("volumeServers").get(0).get("version").asString()).isEqualTo("4.44");
        assertThat(json.get("filers")).isEmpty();
    }

    @Test
    void serversPingEachOtherAndAFailureIsOne() throws Exception {
        assertThat(cluster.shell("cluster.check")).isTrue();
        assertThat(cluster.out()).contains("the cluster has 0 filers: []", "the cluster has 1 volume servers: [127.0.0.1:8080.",
                "checking master 127.0.0.1:9333.", "ok round trip 2.000ms clock delta 0.500ms", "checking volume server 127.0.0.1:8080.");

        cluster.volumeServer.isCutOff = true;
        cluster.master.maxVolumes = 0;
        assertThat(cluster.shell("cluster.check -o=json")).isFalse();
        JsonNode json = new JsonMapper().readTree(cluster.out());
        assertThat(json.get("problems").get(0).asString()).contains("their maximum is 0");
        assertThat(json.get("pings")).hasSize(2);
        assertThat(json.get("pings").get(1).get("error").asString()).contains("no route to");
        assertThat(cluster.err()).contains("1 of 2 pings failed, 1 other problem");
    }

    @Test
    void sleepTakesSeconds() throws Exception {
        assertThat(cluster.shell("sleep 1")).isTrue();
        assertThat(cluster.shell("sleep", "sleep 0", "sleep x")).isFalse();
        assertThat(cluster.err().lines()).hasSize(3);
    }

    @Test
    void withoutAMasterACommandFailsAfterAWhileAndSaysWhereItLooked() throws Exception {
        FakeCluster gone = new FakeCluster();
        gone.close();
        cluster.master.address = gone.master.address;
        cluster.patience = Duration.ofSeconds(1);
        assertThat(cluster.shell("volume.list")).isFalse();
        assertThat(cluster.err()).contains("no master of [127.0.0.1:9333.", "leads or names a leader", "check that the masters run");
    }
}
