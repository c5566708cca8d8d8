package dev.kelpfs.master.growth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.master.ids.VolumeIds;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Growth ahead of need, with everything real but the servers. */
class AheadGrowthTest implements LiveTopology.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final LayoutKey KEY = new LayoutKey(CollectionName.DEFAULT, ReplicaPlacement.SINGLE, Ttl.NONE, DiskType.HDD);

    private final List<String> made = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private LocalLog log;
    private LiveTopology topology;
    private Registrar registrar;
    private AheadGrowth growth;

    @BeforeEach
    void start() throws Exception {
        Ticker ticker = Ticker.system();
        log = LocalLog.open(new MemoryDisk(), Path.of("/m"), ticker, "test");
        topology = new LiveTopology(new TopologySettings(1 << 30, 0.9, false), ticker, this);
        registrar = new Registrar(log, () -> true, topology, InstantSource.system(), ticker);
        registrar.start();
        SplittableRandom random = new SplittableRandom(1);
        VolumeFactory factory = new VolumeFactory(topology, new Maker(), ticker, () -> { }, () -> { });
        VolumeIds ids = new VolumeIds(log);
        ids.seen(1);
        Grower grower = new Grower(
                GrowthSettings.DEFAULT, topology, ids, factory, () -> Duration.ZERO, ticker, random, threads);
        growth = new AheadGrowth(
                GrowthSettings.DEFAULT, topology, grower, () -> true, 0, random, ticker, threads, () -> Duration.ofMillis(20));
    }

    @AfterEach
    void stop() throws Exception {
        growth.close();
        registrar.close();
        log.close();
        threads.shutdownNow();
    }

    @Test
    void aRackWithoutAWritableVolumeGetsSomeAndThenNoMore() throws Exception {
        beat("a", "r1", VolumeInformationMessage.newBuilder().setId(1).setVersion(3));
        beat("b", "r2");
        beat("c", "r3");
        Await.until("the volume may be written", PATIENCE, () -> topology.writable(KEY).size() == 1);
        growth.start();
        Await.until("both other racks have volumes", PATIENCE, () -> topology.writable(KEY).size() == 5);
        assertThat(made).containsExactlyInAnyOrder("b", "b", "c", "c");
        topology.wantsWritable(KEY, 6);
        Await.until("as many as were asked for", PATIENCE, () -> topology.writable(KEY).size() == 6);
        assertThat(made).as("the looks in between found nothing to do").hasSize(5);
    }

    private void beat(String id, String rack, VolumeInformationMessage.Builder... volumes) {
        Heartbeat.Builder beat = Heartbeat.newBuilder().setIp("10.0.0.1").setPort(id.charAt(0)).setId(id)
                .setDataCenter("dc").setRack(rack).putMaxVolumeCounts("", 10).addLocationUuids(id).setHasNoVolumes(volumes.length == 0);
        for (VolumeInformationMessage.Builder volume : volumes) beat.addVolumes(volume);
        topology.beat(new BeatStream(reason -> { }), beat.build());
    }

    private final class Maker implements VolumeMaker {
        @Override
        public void make(Place server, AllocateVolumeRequest request) {
            made.add(server.nodeId());
        }

        @Override
        public void reach(Place server) {}

        @Override
        public void remove(Place server, VolumeId volume) {
            throw new IllegalStateException("nothing fails here");
        }
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
