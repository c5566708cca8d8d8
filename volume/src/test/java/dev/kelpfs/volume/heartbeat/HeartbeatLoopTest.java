package dev.kelpfs.volume.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.volume.heartbeat.NodeSnapshot.ReportedVolume;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatLoopTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final NodeIdentity NODE = new NodeIdentity("127.0.0.1", 8080, 18080, "127.0.0.1:8080", "n", "dc", "r");

    private static final Path DATA = Path.of("/data");

    private final Disk disk = diskWithData();
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime runtime = RpcRuntime.start(1, handlers);
    private final RpcChannels channels = new RpcChannels(runtime);
    private final AtomicReference<NodeSnapshot> snapshot = new AtomicReference<>(holding());
    private final AtomicLong sizeLimit = new AtomicLong();
    private final CompletableFuture<String> fatal = new CompletableFuture<>();

    @AfterEach
    void closeRuntime() {
        channels.close();
        runtime.close();
        handlers.shutdownNow();
    }

    @Test
    void announcesEverythingThenShardsAndTakesTheSizeLimitOver() throws Exception {
        snapshot.set(holding(7));
        try (FakeMaster master = FakeMaster.start(runtime, 0, FakeMaster.accepting(1000));
                HeartbeatLoop loop = start(master.address())) {
            Heartbeat full = master.next();
            assertThat(full.getVolumesList()).extracting(VolumeInformationMessage::getId).containsExactly(7);
            assertThat(full.getId()).isEqualTo("n");
            assertThat(full.getVolumeDigest()).isEqualTo(7);
            assertThat(master.next().getHasNoEcShards()).isTrue();
            Await.until("the settings arrived", LIMIT, () -> sizeLimit.get() == 1000);
            Await.until("the master is known", LIMIT, () -> loop.master().equals(Optional.of(master.address())));
        }
    }

    @Test
    void tellsAtOnceWhatCameAndWent() throws Exception {
        snapshot.set(holding(1));
        try (FakeMaster master = FakeMaster.start(runtime, 0, FakeMaster.accepting(1000));
                HeartbeatLoop loop = start(master.address())) {
            master.next();
            master.next();
            snapshot.set(holding(2));
            loop.volumesChanged();
            Heartbeat delta = master.next();
            assertThat(delta.getNewVolumesList()).extracting(VolumeShortInformationMessage::getId).containsExactly(2);
            assertThat(delta.getDeletedVolumesList()).extracting(VolumeShortInformationMessage::getId).containsExactly(1);
        }
    }

    @Test
    void resendsEverythingWhenAsked() throws Exception {
        snapshot.set(holding(1, 2));
        try (FakeMaster master = FakeMaster.start(runtime, 0, FakeMaster.accepting(1000));
                HeartbeatLoop loop = start(master.address())) {
            master.next();
            master.next();
            Await.until("accepted", LIMIT, () -> loop.master().isPresent());
            master.say(HeartbeatResponse.newBuilder().setResendFullVolumeList(true).build());
            assertThat(master.next().getVolumesCount()).isEqualTo(2);
        }
    }

    @Test
    void takesLeaveOnStop() throws Exception {
        try (FakeMaster master = FakeMaster.start(runtime, 0, FakeMaster.accepting(1000))) {
            HeartbeatLoop loop = start(master.address());
            master.next();
            master.next();
            loop.close();
            Heartbeat farewell = master.next();
            assertThat(farewell.getHasNoVolumes()).isTrue();
            assertThat(farewell.getLocationUuidsList()).isEmpty();
            assertThat(farewell.getMaxVolumeCountsMap()).isEmpty();
            assertThat(master.nextEnd()).isEqualTo("closed");
        }
    }

    @Test
    void followsTheLeaderThatAMasterNames() throws Exception {
        try (FakeMaster leader = FakeMaster.start(runtime, 0, FakeMaster.accepting(1000));
                FakeMaster follower = FakeMaster.start(runtime, 0, beat -> List.of(
                        HeartbeatResponse.newBuilder().setLeader(leader.address().withBothPorts()).build()));
                HeartbeatLoop loop = start(follower.address())) {
            leader.next();
            Await.until("the leader is known", LIMIT, () -> loop.master().isPresent());
            assertThat(loop.master().orElseThrow().isSameServer(leader.address())).isTrue();
            assertThat(follower.nextEnd()).isEqualTo("cut");
        }
    }

    @Test
    void callsUntilAMasterIsThere() throws Exception {
        int port;
        try (FakeMaster shortLived = FakeMaster.start(runtime, 0, FakeMaster.accepting(1))) {
            port = shortLived.port();
        }
        ServerAddress address = new ServerAddress("127.0.0.1", 1, port);
        try (HeartbeatLoop loop = start(address)) {
            assertThat(loop.master()).isEmpty();
            try (FakeMaster late = FakeMaster.start(runtime, port, FakeMaster.accepting(1000))) {
                late.next();
                Await.until("announced", LIMIT, () -> loop.master().isPresent());
            }
            Await.until("the loss is seen", LIMIT, () -> loop.master().isEmpty());
            try (FakeMaster again = FakeMaster.start(runtime, port, FakeMaster.accepting(1000))) {
                assertThat(again.next().hasVolumeDigest()).as("a full beat").isTrue();
            }
        }
    }

    @Test
    void triesAgainWhenItsDirectoriesAreCalledTaken() throws Exception {
        HeartbeatResponse taken = HeartbeatResponse.newBuilder().addDuplicatedUuids("u1").build();
        AtomicBoolean once = new AtomicBoolean(true);
        try (FakeMaster master = FakeMaster.start(runtime, 0, beat ->
                        once.getAndSet(false) ? List.of(taken) : FakeMaster.accepting(1000).apply(beat));
                HeartbeatLoop loop = start(master.address())) {
            Await.until("announced after all", LIMIT, () -> loop.master().isPresent());
            assertThat(fatal).isNotDone();
        }
    }

    private HeartbeatLoop start(ServerAddress... masters) {
        HeartbeatEvents events = new HeartbeatEvents() {
            @Override
            public void settings(long volumeSizeLimitBytes, boolean preallocate) {
                sizeLimit.set(volumeSizeLimitBytes);
            }

            @Override
            public void lost(ServerAddress master) {
                sizeLimit.set(0);
            }
        };
        return HeartbeatLoop.start(
                List.of(masters), new KnownMasters(disk, DATA), NODE, snapshot::get, channels, Ticker.system(), events,
                fatal::complete);
    }

    private static Disk diskWithData() {
        try {
            MemoryDisk disk = new MemoryDisk();
            disk.createDirectories(DATA);
            return disk;
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static NodeSnapshot holding(int... ids) {
        List<ReportedVolume> volumes = Arrays.stream(ids)
                .mapToObj(id -> new ReportedVolume(VolumeInformationMessage.newBuilder().setId(id).build(), id))
                .toList();
        return new NodeSnapshot(NODE.full().build(), volumes, List.of());
    }
}
