package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.FileId;
import dev.kelpfs.rpc.KelpPeer;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import dev.kelpfs.wire.master.ListClusterNodesRequest;
import dev.kelpfs.wire.master.ListClusterNodesResponse;
import dev.kelpfs.wire.master.LockRingUpdate;
import dev.kelpfs.wire.master.VolumeLocation;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Heartbeats, followers and assign streams over a real port. */
class StreamsTest {
    private MasterHarness harness;

    @BeforeEach
    void start() throws Exception {
        harness = new MasterHarness();
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void theFirstAnswerCarriesTheSettings() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 10);
        server.connect(harness.address());
        HeartbeatResponse answer = server.answers.poll(30, TimeUnit.SECONDS);
        assertThat(answer).isEqualTo(HeartbeatResponse.newBuilder()
                .setVolumeSizeLimit(1024L << 20).setVolumeDigestSupported(true).build());
    }

    @Test
    void aWrongDigestAsksForTheFullListWithTheSettings() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        server.send(Heartbeat.newBuilder().putMaxVolumeCounts("", 10).addLocationUuids("directory of a").setVolumeDigest(1));
        HeartbeatResponse answer = server.answers.poll(30, TimeUnit.SECONDS);
        assertThat(answer.getResendFullVolumeList()).isTrue();
        assertThat(answer.getVolumeSizeLimit()).isEqualTo(1024L << 20);
    }

    @Test
    void duplicateDirectoriesAreNamedAndEndTheStream() throws Exception {
        harness.connected("a", "r1", 10);
        FakeVolumeServer twin = harness.server("twin", "dc1", "r1", 10);
        twin.connect(harness.address());
        twin.answers.clear();
        FakeVolumeServer second = harness.server("second", "dc1", "r1", 10);
        second.join(harness.address());
        StreamObserver<Heartbeat> stream = harness.asyncGrpc().sendHeartbeat(new Recorder<>(second.answers, second.ends));
        stream.onNext(second.full().setId("third").setPort(7).clearLocationUuids().addLocationUuids("directory of a").build());
        assertThat(second.answers.poll(30, TimeUnit.SECONDS).getDuplicatedUuidsList()).containsExactly("directory of a");
        assertThat(second.ends.poll(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
    }

    @Test
    void aStoppingMasterEndsTheStreams() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        harness.master.close();
        assertThat(server.ends.poll(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aFollowerGetsTheLeaderThePictureAndThenEveryChange() throws Exception {
        FakeVolumeServer first = harness.connected("a", "r1", 10);
        BlockingQueue<KeepConnectedResponse> seen = new LinkedBlockingQueue<>();
        StreamObserver<KeepConnectedRequest> stream = follow("client", "me", seen);
        VolumeLocation picture = seen.poll(30, TimeUnit.SECONDS).getVolumeLocation();
        assertThat(picture.getLeader()).isEqualTo(harness.address().withBothPorts());
        assertThat(picture.getUrl()).isEqualTo(first.url());
        harness.grpc().assign(AssignRequest.getDefaultInstance());
        int grown = 0;
        while (grown < 7) {
            VolumeLocation made = seen.poll(30, TimeUnit.SECONDS).getVolumeLocation();
            assertThat(made.getNewVidsCount()).isPositive();
            assertThat(made.getLeader()).isEmpty();
            grown += made.getNewVidsCount();
        }
        first.disconnect();
        VolumeLocation gone = seen.poll(30, TimeUnit.SECONDS).getVolumeLocation();
        while (gone.getDeletedVidsCount() == 0) gone = seen.poll(30, TimeUnit.SECONDS).getVolumeLocation();
        assertThat(gone.getDeletedVidsCount()).isEqualTo(7);
        stream.onCompleted();
    }

    @Test
    void aProcessOfKelpIsToldWhereThePictureEndsAndNobodyElseIs() throws Exception {
        harness.connected("v1", "r1", 10);
        BlockingQueue<KeepConnectedResponse> ours = new LinkedBlockingQueue<>();
        BlockingQueue<KeepConnectedResponse> theirs = new LinkedBlockingQueue<>();
        harness.asyncGrpc().withInterceptors(KelpPeer.announced()).keepConnected(new Recorder<>(ours, new LinkedBlockingQueue<>()))
                .onNext(KeepConnectedRequest.newBuilder().setClientType("client").build());
        follow("client", "", theirs);
        assertThat(ours.poll(30, TimeUnit.SECONDS).getVolumeLocation().getUrl()).isNotEmpty();
        assertThat(ours.poll(30, TimeUnit.SECONDS)).isEqualTo(KeepConnectedResponse.getDefaultInstance());
        assertThat(theirs.poll(30, TimeUnit.SECONDS).getVolumeLocation().getUrl()).isNotEmpty();
        follow("filer", "f1:8888", new LinkedBlockingQueue<>());
        assertThat(theirs.poll(30, TimeUnit.SECONDS).hasClusterNodeUpdate()).as("the next is a change").isTrue();
    }

    @Test
    void filersAreAnnouncedToAllAndListed() throws Exception {
        BlockingQueue<KeepConnectedResponse> seen = new LinkedBlockingQueue<>();
        follow("client", "me", seen);
        assertThat(seen.poll(30, TimeUnit.SECONDS).getVolumeLocation().getLeader()).isNotEmpty();
        StreamObserver<KeepConnectedRequest> filer = follow("filer", "10.0.0.9:8888", new LinkedBlockingQueue<>());
        var added = seen.poll(30, TimeUnit.SECONDS).getClusterNodeUpdate();
        assertThat(added.getAddress()).isEqualTo("10.0.0.9:8888");
        assertThat(added.getIsAdd()).isTrue();
        filer.onCompleted();
        assertThat(seen.poll(30, TimeUnit.SECONDS).getClusterNodeUpdate().getIsAdd()).isFalse();
    }

    @Test
    void theLockRingIsAnnouncedWhenTheFilersOfAGroupHaveSettled() throws Exception {
        BlockingQueue<KeepConnectedResponse> seen = new LinkedBlockingQueue<>();
        follow("client", "me", seen);
        StreamObserver<KeepConnectedRequest> first = follow("filer", "10.0.0.9:8888", new LinkedBlockingQueue<>());
        follow("filer", "10.0.0.8:8888", new LinkedBlockingQueue<>());
        LockRingUpdate both = ring(seen);
        assertThat(both.getServersList()).containsExactly("10.0.0.8:8888", "10.0.0.9:8888");
        BlockingQueue<KeepConnectedResponse> late = new LinkedBlockingQueue<>();
        follow("s3", "10.0.0.7:8333", late);
        assertThat(ring(late)).isEqualTo(both);
        first.onCompleted();
        LockRingUpdate one = ring(seen);
        assertThat(one.getServersList()).containsExactly("10.0.0.8:8888");
        assertThat(one.getVersion()).isGreaterThan(both.getVersion());
    }

    @Test
    void aSampleOfMembersIsNotLargerThanAskedFor() throws Exception {
        for (int i = 0; i < 5; i++) {
            BlockingQueue<KeepConnectedResponse> seen = new LinkedBlockingQueue<>();
            follow("filer", "10.0.0." + i + ":8888", seen);
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isNotNull();
        }
        // Two that give no address are two.
        for (int i = 0; i < 2; i++) {
            BlockingQueue<KeepConnectedResponse> seen = new LinkedBlockingQueue<>();
            follow("broker", "", seen);
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isNotNull();
        }
        Await.until("all are known", Duration.ofSeconds(60), () -> members("filer", 0).size() == 5 && members("broker", 0).size() == 2);
        assertThat(members("filer", 3)).hasSize(3).doesNotHaveDuplicates();
        assertThat(members("filer", 9)).hasSize(5);
    }

    private List<String> members(String type, int limit) {
        return harness.grpc().listClusterNodes(ListClusterNodesRequest.newBuilder().setClientType(type).setLimit(limit).build())
                .getClusterNodesList().stream().map(ListClusterNodesResponse.ClusterNode::getAddress).toList();
    }

    private static LockRingUpdate ring(BlockingQueue<KeepConnectedResponse> seen) throws InterruptedException {
        while (true) {
            KeepConnectedResponse message = seen.poll(60, TimeUnit.SECONDS);
            assertThat(message).as("a lock ring comes").isNotNull();
            if (message.hasLockRingUpdate()) return message.getLockRingUpdate();
        }
    }

    @Test
    void assignStreamsAnswerInOrderAndEndOnWhatCannotBe() throws Exception {
        harness.connected("a", "r1", 10);
        BlockingQueue<AssignResponse> seen = new LinkedBlockingQueue<>();
        BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
        StreamObserver<AssignRequest> stream = harness.asyncGrpc().streamAssign(new Recorder<>(seen, ends));
        for (int i = 1; i <= 20; i++) stream.onNext(AssignRequest.newBuilder().setCount(i).build());
        for (int i = 1; i <= 20; i++) assertThat(seen.poll(30, TimeUnit.SECONDS).getCount()).isEqualTo(i);
        stream.onNext(AssignRequest.newBuilder().setReplication("xyz").build());
        assertThat(ends.poll(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void aClientThatReadsNoAnswersIsNotReadFrom() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 10);
        server.isNamed("x".repeat(100_000));
        server.join(harness.address());
        BlockingQueue<AssignResponse> seen = new LinkedBlockingQueue<>();
        AtomicReference<ClientCallStreamObserver<AssignRequest>> call = new AtomicReference<>();
        var neverAsks = new ClientResponseObserver<AssignRequest, AssignResponse>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<AssignRequest> begun) {
                call.set(begun);
                begun.disableAutoRequestWithInitial(0);
            }

            @Override
            public void onNext(AssignResponse answer) {
                seen.add(answer);
            }

            @Override
            public void onError(Throwable failed) {}

            @Override
            public void onCompleted() {}
        };
        StreamObserver<AssignRequest> stream = harness.asyncGrpc().streamAssign(neverAsks);
        int requests = 2000;
        long before = newKey();
        for (int i = 0; i < requests; i++) stream.onNext(AssignRequest.newBuilder().setCount(1).build());
        AtomicLong last = new AtomicLong(before);
        Await.until("nothing more is given out", Duration.ofSeconds(60), () -> {
            Thread.sleep(300);
            long now = newKey();
            return now - last.getAndSet(now) == 1 && now > before + 2;
        });
        assertThat(last.get() - before).isLessThan(requests);

        call.get().request(requests);
        for (int i = 0; i < requests; i++) assertThat(seen.poll(30, TimeUnit.SECONDS)).isNotNull();
        stream.onCompleted();
    }

    private long newKey() {
        return FileId.parse(harness.grpc().assign(AssignRequest.getDefaultInstance()).getFid()).key().bits();
    }

    private StreamObserver<KeepConnectedRequest> follow(String type, String address, BlockingQueue<KeepConnectedResponse> seen) {
        StreamObserver<KeepConnectedRequest> stream =
                harness.asyncGrpc().keepConnected(new Recorder<>(seen, new LinkedBlockingQueue<>()));
        stream.onNext(KeepConnectedRequest.newBuilder().setClientType(type).setClientAddress(address).build());
        return stream;
    }

    private record Recorder<T>(BlockingQueue<T> messages, BlockingQueue<Status> ends) implements StreamObserver<T> {
        @Override
        public void onNext(T message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable failed) {
            ends.add(Status.fromThrowable(failed));
        }

        @Override
        public void onCompleted() {
            ends.add(Status.OK);
        }
    }
}
