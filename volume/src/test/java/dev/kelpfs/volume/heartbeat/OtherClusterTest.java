package dev.kelpfs.volume.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.volume.heartbeat.KnownMasters.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A volume server of cluster a meets masters of cluster b. Time stands still but for what a test adds. */
class OtherClusterTest {
    private static final Path DATA = Path.of("/data");
    private static final NodeIdentity NODE = new NodeIdentity("127.0.0.1", 8080, 18080, "127.0.0.1:8080", "n", "dc", "r");

    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime runtime = RpcRuntime.start(1, handlers);
    private final RpcChannels channels = new RpcChannels(runtime);
    private final MemoryDisk disk = new MemoryDisk();
    private final AtomicLong nanos = new AtomicLong();
    private KnownMasters known;
    private FakeMaster a;
    private FakeMaster b;

    @BeforeEach
    void startMasters() throws IOException {
        disk.createDirectories(DATA);
        known = new KnownMasters(disk, DATA);
        a = master(0, "a");
        b = master(0, "b");
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        channels.close();
        runtime.close();
        handlers.shutdownNow();
    }

    private FakeMaster master(int port, String cluster) throws IOException {
        FakeMaster made = FakeMaster.start(runtime, port, FakeMaster.accepting(1000));
        return made.says(cluster, made.address(), made.address());
    }

    private HeartbeatLoop start(ServerAddress... masters) {
        HeartbeatEvents nobody = new HeartbeatEvents() {
            @Override
            public void settings(long volumeSizeLimitBytes, boolean preallocate) {}

            @Override
            public void lost(ServerAddress master) {}
        };
        return HeartbeatLoop.start(
                List.of(masters), known, NODE, () -> new NodeSnapshot(NODE.full().build(), List.of(), List.of()), channels,
                nanos::get, nobody, fatal -> { });
    }

    private static void awaitMaster(HeartbeatLoop loop, FakeMaster master) throws InterruptedException {
        Await.until("it follows " + master.address(), Await.LONGEST, () -> {
            master.tell();
            return loop.master().filter(master.address()::isSameServer).isPresent();
        });
    }

    private static void awaitRefusal(HeartbeatLoop loop, FakeMaster speaking, String... words) throws InterruptedException {
        Await.until("it refuses", Await.LONGEST, () -> {
            speaking.tell();
            return !loop.refusal().isEmpty();
        });
        assertThat(loop.refusal()).contains(words);
    }

    /** Has the server belong to cluster a. */
    private void joinA() throws InterruptedException {
        try (HeartbeatLoop loop = start(a.address())) {
            awaitMaster(loop, a);
            Await.until("the cluster is noted", Await.LONGEST, () -> known.load().cluster().equals("a"));
        }
    }

    @Test
    void oneThatWasNamedIsFollowedWhenTheOwnMastersWereSilentForHalfAMinute() throws Exception {
        joinA();
        int port = a.port();
        try (HeartbeatLoop loop = start(b.address(), a.address())) {
            awaitMaster(loop, a);
            awaitRefusal(loop, b, "leads cluster b", "belongs to cluster a", "/data/.kelp-masters");
            assertThat(loop.ownMasters()).extracting(ServerAddress::http).containsExactly(a.address().http());
            a.close();
            Await.until("its own master is gone", Await.LONGEST, () -> loop.master().isEmpty());
            nanos.addAndGet(Duration.ofSeconds(30).toNanos() - 1);
            assertThat(loop.refusal()).as("long ago").isEmpty();
            awaitRefusal(loop, b, "30 s");
            assertThat(b.beats()).as("beats that cluster b saw").isZero();
            nanos.incrementAndGet();
            awaitMaster(loop, b);
            assertThat(b.beats()).isPositive();
            Content kept = known.load();
            assertThat(kept.cluster()).isEqualTo("b");

            a = master(port, "a");
            awaitRefusal(loop, a, "leads cluster a", "belongs to cluster b");
            assertThat(a.beats()).isZero();
            assertThat(loop.master()).isPresent();
        }
    }

    @Test
    void theTimeBeginsWithTheProcessIfTheOwnMastersNeverAnswered() throws Exception {
        joinA();
        a.close();
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        try (HeartbeatLoop loop = start(b.address())) {
            awaitRefusal(loop, b, "30 s");
            assertThat(b.beats()).isZero();
            nanos.addAndGet(Duration.ofSeconds(30).toNanos());
            awaitMaster(loop, b);
        }
    }

    @Test
    void oneThatWasNotNamedIsNeverFollowedUntilTheFileIsRemoved() throws Exception {
        joinA();
        a.close();
        try (FakeMaster named = FakeMaster.start(runtime, 0, FakeMaster.accepting(1000))) {
            named.says("b", b.address(), named.address());
            try (HeartbeatLoop loop = start(named.address())) {
                nanos.addAndGet(Duration.ofDays(1).toNanos());
                awaitRefusal(loop, named, "was not told of that master", "remove /data/.kelp-masters", b.address().http());
                assertThat(named.beats() + b.beats()).isZero();
                assertThat(known.load().cluster()).isEqualTo("a");
            }
            disk.delete(DATA.resolve(".kelp-masters"));
            try (HeartbeatLoop loop = start(named.address())) {
                named.tell();
                awaitMaster(loop, b);
            }
        }
    }

    @Test
    void oneThatCallsItselfOtherwiseThanTheCommandLineCountsAsNamed() throws Exception {
        joinA();
        a.close();
        ServerAddress otherName = new ServerAddress("localhost", b.address().httpPort(), b.address().grpcPort());
        b.says("b", otherName, otherName);
        try (HeartbeatLoop loop = start(b.address())) {
            awaitRefusal(loop, b, "localhost", "30 s");
            nanos.addAndGet(Duration.ofSeconds(30).toNanos());
            Await.until("it follows", Await.LONGEST, () -> {
                b.tell();
                return loop.master().isPresent();
            });
        }
    }

    @Test
    void aMasterOfTheReferenceIsNeverRefused() throws Exception {
        joinA();
        a.close();
        try (FakeMaster reference = FakeMaster.start(runtime, 0, FakeMaster.accepting(1000));
                HeartbeatLoop loop = start(reference.address())) {
            assertThat(reference.next().hasVolumeDigest()).as("a full beat").isTrue();
            assertThat(loop.refusal()).isEmpty();
            assertThat(loop.ownMasters()).contains(reference.address());
        }
    }

    @Test
    void aServerThatWasFooledLeavesAsSoonAsTheMasterSaysWhoItIs() throws Exception {
        joinA();
        try (FakeMaster turncoat = FakeMaster.start(runtime, 0, FakeMaster.accepting(1000))) {
            turncoat.says("a", turncoat.address(), turncoat.address());
            a.close();
            try (HeartbeatLoop loop = start(turncoat.address())) {
                awaitMaster(loop, turncoat);
                turncoat.says("b", turncoat.address(), turncoat.address());
                assertThat(turncoat.nextEnd()).isEqualTo("cut");
                awaitRefusal(loop, turncoat, "belongs to cluster a");
                assertThat(loop.master()).isEmpty();
            }
        }
    }
}
