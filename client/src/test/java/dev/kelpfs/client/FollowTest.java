package dev.kelpfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import dev.kelpfs.wire.master.VolumeLocation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How a client knows where volumes are. */
class FollowTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final VolumeId THREE = new VolumeId(3);
    private static final ServerAddress M1 = ServerAddress.parse("m1:9333");
    private static final ServerAddress M2 = ServerAddress.parse("m2:9333");
    private static final ServerAddress M3 = ServerAddress.parse("m3:9333");

    private static VolumeLocation.Builder at(String url) {
        return VolumeLocation.newBuilder().setUrl(url).setGrpcPort(1);
    }

    private static List<String> urls(LocationMap map, int volume) {
        return map.find(new VolumeId(volume)).stream().map(Location::url).toList();
    }

    @Test
    void aNewStreamReplacesWhatAnOlderOneSaidVolumeByVolume() {
        LocationMap map = new LocationMap(100);
        map.begin();
        map.apply(at("a:1").addNewVids(3).addNewVids(4).build());
        map.apply(at("b:1").addNewVids(3).build());
        map.apply(at("b:1").addNewVids(3).build());
        assertThat(urls(map, 3)).containsExactly("a:1", "b:1");

        map.begin();
        assertThat(urls(map, 3)).as("readable until told anew").containsExactly("a:1", "b:1");
        map.apply(at("c:1").addNewVids(3).build());
        assertThat(urls(map, 3)).containsExactly("c:1");
        for (int i = 0; i < 5; i++) map.begin();
        assertThat(urls(map, 4)).as("told six streams ago").isEmpty();
    }

    @Test
    void aStreamThatSaidWhereItsPictureEndsLeavesNothingOfOlderOnes() {
        LocationMap map = new LocationMap(100);
        map.begin();
        map.apply(at("a:1").addNewVids(3).addNewVids(4).addNewEcVids(5).build());
        map.begin();
        map.apply(at("b:1").addNewVids(3).build());
        assertThat(urls(map, 4)).containsExactly("a:1");
        map.complete();
        assertThat(urls(map, 3)).containsExactly("b:1");
        assertThat(urls(map, 4)).as("a volume that is gone").isEmpty();
        assertThat(urls(map, 5)).isEmpty();
    }

    @Test
    void aMapOfAClusterIsCompleteWhenTheLeaderSaysSoAndKeptWhenItIsGone() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        RpcRuntime runtime = RpcRuntime.start(1, threads);
        AtomicLong nanos = new AtomicLong();
        try (FakeCluster cluster = new FakeCluster(1); RpcChannels channels = new RpcChannels(runtime)) {
            ClientOptions told = ClientOptions.of(cluster.masterAddress()).withPatience(Duration.ZERO);
            ClientOptions options = new ClientOptions(
                    told.masters(), told.patience(), told.requestTimeout(), told.chunks(), told.habits(), nanos::get);
            try (ClusterMap map = ClusterMap.follow(options, "mirror", "127.0.0.1:1", channels)) {
                Await.until("what the leader says is known", LIMIT, () -> map.known(THREE).size() == 1);
                assertThat(map.leader()).contains(cluster.masterAddress());
                assertThat(map.isComplete()).as("this one does not say where its picture ends").isFalse();
                cluster.master.send(KeepConnectedResponse.getDefaultInstance());
                Await.until("it does say so", LIMIT, map::isComplete);
                assertThat(map.volumes()).isEqualTo(1);
                ClusterMap.Answer answer = map.ask(List.of(THREE, new VolumeId(5), new VolumeId(7)));
                assertThat(answer.found().keySet()).containsExactly(THREE);
                assertThat(answer.away().keySet()).containsExactly(new VolumeId(5));

                cluster.stopMaster();
                Await.until("no leader is followed", LIMIT, () -> map.leader().isEmpty());
                assertThat(map.known(THREE)).hasSize(1);
                assertThat(map.isComplete()).isTrue();
                assertThatThrownBy(() -> map.ask(List.of(new VolumeId(7)))).isInstanceOf(KelpException.class);
            }
        } finally {
            runtime.close();
            threads.shutdownNow();
        }
    }

    @Test
    void aLeaderOfTheReferenceHasSaidEverythingAfterAWhile() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        RpcRuntime runtime = RpcRuntime.start(1, threads);
        AtomicLong nanos = new AtomicLong();
        try (FakeCluster cluster = new FakeCluster(1); RpcChannels channels = new RpcChannels(runtime)) {
            ClientOptions usual = ClientOptions.of(cluster.masterAddress());
            ClientOptions options = new ClientOptions(
                    usual.masters(), usual.patience(), usual.requestTimeout(), usual.chunks(), usual.habits(), nanos::get);
            try (ClusterMap map = ClusterMap.follow(options, "mirror", "127.0.0.1:1", channels)) {
                Await.until("what the leader says is known", LIMIT, () -> map.known(THREE).size() == 1);
                nanos.addAndGet(Duration.ofMillis(1900).toNanos());
                assertThat(map.isComplete()).isFalse();
                nanos.addAndGet(Duration.ofMillis(200).toNanos());
                assertThat(map.isComplete()).isTrue();
            }
        } finally {
            runtime.close();
            threads.shutdownNow();
        }
    }

    @Test
    void changesAreFollowed() {
        LocationMap map = new LocationMap(100);
        map.begin();
        map.apply(at("a:1").addNewVids(3).build());
        map.apply(at("b:1").addNewVids(3).build());
        map.apply(at("a:1").addDeletedVids(3).build());
        assertThat(urls(map, 3)).containsExactly("b:1");
        map.apply(at("b:1").addNewVids(3).addDeletedVids(3).build());
        assertThat(urls(map, 3)).as("new and gone in one message is there").containsExactly("b:1");
        map.apply(at("c:1").addNewEcVids(3).build());
        assertThat(urls(map, 3)).as("of one stream the volume wins over its shards").containsExactly("b:1");
        map.apply(at("b:1").addDeletedVids(3).build());
        assertThat(urls(map, 3)).containsExactly("c:1");
        map.forget(THREE);
        assertThat(map.size()).isZero();
    }

    @Test
    void itDoesNotGrowBeyondItsBound() {
        LocationMap map = new LocationMap(10);
        map.begin();
        for (int i = 0; i < 100; i++) map.apply(at("a:1").addNewVids(i).build());
        assertThat(map.size()).isEqualTo(10);
        map.apply(at("b:1").addNewVids(0).build());
        assertThat(urls(map, 0)).as("what is known is kept up to date").containsExactly("a:1", "b:1");
    }

    @Test
    void aRoundAsksEveryMasterOnceAndWhoIsNamedFirst() {
        MasterRound round = new MasterRound(List.of(M1, M2), Optional.of(M2), Set.of());
        assertThat(round.next()).contains(M2);
        round.hinted(M3);
        assertThat(round.next()).contains(M3);
        round.hinted(M2);
        assertThat(round.next()).contains(M1);
        assertThat(round.next()).isEmpty();
    }

    @Test
    void whoDidNotAnswerComesLastEvenIfItIsFirstInTheList() {
        MasterRound round = new MasterRound(List.of(M1, M2, M3), Optional.empty(), Set.of(M1));
        assertThat(List.of(round.next(), round.next(), round.next())).containsExactly(Optional.of(M2), Optional.of(M3), Optional.of(M1));
    }

    @Test
    void aLeaderThatHangsIsAskedOnce() throws Exception {
        try (FakeCluster paused = new FakeCluster(1);
                FakeCluster healthy = new FakeCluster(1);
                KelpClient kelp = KelpClient.connect(ClientOptions.of(paused.masterAddress(), healthy.masterAddress()))) {
            kelp.locate(THREE);
            Await.until("the first one is followed", LIMIT, () -> paused.master.followerCount() == 1);
            paused.master.hangs = true;
            for (int i = 0; i < 3; i++) kelp.assign(Placement.DEFAULT, 1);
            assertThat(healthy.master.assigns).hasSize(3);
            assertThat(paused.master.assigns).as("then it is doubted, stream or not").hasSize(1);
            Await.until("the other one is followed", LIMIT, () -> healthy.master.followerCount() == 1);
        }
    }

    @Test
    void oneThatFollowsDoesNotAsk() throws Exception {
        try (FakeCluster cluster = new FakeCluster(2);
                KelpClient client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()))) {
            FileId id = client.put(NewFile.of(new byte[1]), Placement.DEFAULT).id();
            client.get(id).orElseThrow().readAll();
            Await.until("the client follows", LIMIT, () -> cluster.master.followerCount() == 1);
            cluster.master.announce(cluster.master.at(1).addDeletedVids(3));
            cluster.master.announce(cluster.master.at(0).addNewVids(8));
            Await.until("both changes have come", LIMIT, () -> client.locate(new VolumeId(8)).size() == 1);

            int before = cluster.master.lookUps.get();
            assertThat(client.locate(THREE)).singleElement().satisfies(
                    server -> assertThat(server.url()).isEqualTo(cluster.server(0).url()));
            assertThat(cluster.master.lookUps).hasValue(before);
        }
    }

    @Test
    void oneThatDoesNotFollowAsksOnce() throws IOException {
        try (FakeCluster cluster = new FakeCluster(2);
                KelpClient client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()).withoutFollowing())) {
            FileId id = client.put(NewFile.of(new byte[1]), Placement.DEFAULT).id();
            for (int i = 0; i < 5; i++) client.get(id).orElseThrow().readAll();
            assertThat(cluster.master.lookUps).hasValue(1);
            assertThat(cluster.master.followerCount()).isZero();
        }
    }

    @Test
    void aVolumeThatHasMovedIsFoundAnew() throws IOException {
        try (FakeCluster cluster = new FakeCluster(2);
                KelpClient client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()).withoutFollowing())) {
            cluster.master.holders = List.of(0);
            FileId id = client.put(NewFile.of(new byte[1]), Placement.DEFAULT).id();
            assertThat(client.get(id)).isPresent();
            cluster.server(0).stop();
            cluster.master.holders = List.of(1);

            assertThat(client.get(id).orElseThrow().readAll()).hasSize(1);
        }
    }

    @Test
    void theNamedLeaderIsFollowed() throws Exception {
        try (FakeCluster follower = new FakeCluster(1); FakeCluster leading = new FakeCluster(1)) {
            follower.master.leader = leading.masterAddress().withBothPorts();
            try (KelpClient client = KelpClient.connect(ClientOptions.of(follower.masterAddress()))) {
                client.locate(THREE);
                Await.until("the leader is followed", LIMIT, () -> leading.master.followerCount() == 1);
            }
            Await.until("the stream ends with the client", LIMIT, () -> leading.master.followerCount() == 0);
        }
    }

    @Test
    void whenAMasterIsGoneAnotherIsFollowed() throws Exception {
        try (FakeCluster first = new FakeCluster(1); FakeCluster second = new FakeCluster(1);
                KelpClient client = KelpClient.connect(ClientOptions.of(first.masterAddress(), second.masterAddress()))) {
            client.locate(THREE);
            Await.until("the first is followed", LIMIT, () -> first.master.followerCount() == 1);
            first.stopMaster();
            Await.until("the second is followed", LIMIT, () -> second.master.followerCount() == 1);
            assertThat(client.assign(Placement.DEFAULT, 1).servers().get(0).url()).isEqualTo(second.server(0).url());
        }
    }
}
