package dev.kelpfs.master.assign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.master.growth.Grower;
import dev.kelpfs.master.growth.GrowthSettings;
import dev.kelpfs.master.growth.VolumeFactory;
import dev.kelpfs.master.growth.VolumeMaker;
import dev.kelpfs.master.ids.FileKeys;
import dev.kelpfs.master.ids.VolumeIds;
import dev.kelpfs.master.placement.Wish;
import dev.kelpfs.master.registry.Registrar;
import dev.kelpfs.master.state.LocalLog;
import dev.kelpfs.master.topology.BeatStream;
import dev.kelpfs.master.topology.LayoutKey;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.LocationChange;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.TopologySettings;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is given out without the lease, also not to those who came while there was one. Everything real but the servers. */
class AssignerLeaseTest implements LiveTopology.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayMake = new CountDownLatch(1);
    private volatile boolean lease = true;
    private LocalLog log;
    private LiveTopology topology;
    private Registrar registrar;
    private Assigner assigner;

    @BeforeEach
    void start() throws Exception {
        Ticker ticker = Ticker.system();
        log = LocalLog.open(new MemoryDisk(), Path.of("/m"), ticker, "test");
        topology = new LiveTopology(new TopologySettings(1 << 30, 0.9, false), ticker, this);
        registrar = new Registrar(log, () -> true, topology, InstantSource.system(), ticker);
        registrar.start();
        SplittableRandom random = new SplittableRandom(1);
        VolumeFactory factory = new VolumeFactory(topology, new Maker(), ticker, () -> { }, () -> { });
        Grower grower = new Grower(
                GrowthSettings.DEFAULT, topology, new VolumeIds(log), factory, () -> Duration.ZERO, ticker, random, threads);
        FileKeys keys = new FileKeys(log, topology.largestCountedKey(), topology.change()::advance);
        keys.start();
        assigner = new Assigner(topology, keys, grower, WaitRule.DEFAULT, () -> Duration.ofMinutes(1), () -> lease, ticker, random,
                new Dice(random), () -> { });
        topology.beat(new BeatStream(reason -> { }), Heartbeat.newBuilder().setIp("10.0.0.1").setPort(8080).setId("a")
                .putMaxVolumeCounts("", 10).addLocationUuids("a")
                .addVolumes(VolumeInformationMessage.newBuilder().setId(1).setVersion(3)).build());
        Await.until("the volume may be written", PATIENCE, () -> topology.writable(wish("").key()).size() == 1);
    }

    @AfterEach
    void stop() throws Exception {
        registrar.close();
        log.close();
        threads.shutdownNow();
    }

    @Test
    void withoutTheLeaseNothingIsGivenOut() throws Exception {
        assertThat(assigner.assign(wish(""), () -> false)).isInstanceOf(AssignOutcome.Assigned.class);
        lease = false;
        assertThat(assigner.assignNow(wish(""))).isEmpty();
        assertThat(assigner.assign(wish(""), () -> false)).isEqualTo(new AssignOutcome.NotLeading());
        lease = true;
        assertThat(assigner.assign(wish(""), () -> false)).isInstanceOf(AssignOutcome.Assigned.class);
    }

    @Test
    void whoWaitedBeyondTheEndOfTheLeaseGetsNothing() throws Exception {
        Future<AssignOutcome> waiting = threads.submit(() -> assigner.assign(wish("new"), () -> false));
        assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        lease = false;
        mayMake.countDown();
        assertThat(waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(new AssignOutcome.NotLeading());
    }

    private static AssignWish wish(String collection) {
        LayoutKey key = new LayoutKey(new CollectionName(collection), ReplicaPlacement.SINGLE, Ttl.NONE, DiskType.HDD);
        return new AssignWish(1, key, Wish.anywhere(ReplicaPlacement.SINGLE), 0, 1, 0, 0);
    }

    /** Makes no volume before it may. */
    private final class Maker implements VolumeMaker {
        @Override
        public void make(Place server, AllocateVolumeRequest request) throws IOException {
            asked.countDown();
            try {
                mayMake.await();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }

        @Override
        public void reach(Place server) {}

        @Override
        public void remove(Place server, VolumeId volume) {}
    }

    @Override
    public void locationsChanged(LocationChange change) {}

    @Override
    public void registryDiffers(String nodeId) {
        registrar.compare(nodeId);
    }

    @Override
    public void serverCame(String nodeId) {}
}
