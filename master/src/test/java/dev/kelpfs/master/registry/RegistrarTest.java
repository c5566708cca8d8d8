package dev.kelpfs.master.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.LocalLog;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.NotCommittedException;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.topology.BeatStream;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.LocationChange;
import dev.kelpfs.master.topology.TopologySettings;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The registry is told of what beats bring, also when that does not work at once. */
class RegistrarTest implements LiveTopology.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger pauses = new AtomicInteger();
    private volatile boolean idsAreCommitted = true;
    private LocalLog log;
    private LiveTopology topology;
    private Registrar registrar;

    @BeforeEach
    void start() throws Exception {
        log = LocalLog.open(new MemoryDisk(), Path.of("/m"), Ticker.system(), "test");
        topology = new LiveTopology(new TopologySettings(1 << 30, 0.9, false), Ticker.system(), this);
        Ticker quick = new QuickTicker();
        registrar = new Registrar(new Reluctant(), () -> idsAreCommitted, topology, InstantSource.system(), quick);
        registrar.start();
    }

    @AfterEach
    void stop() throws Exception {
        registrar.close();
        log.close();
    }

    @Test
    void whatWasRefusedIsToldAgain() throws Exception {
        refusals.set(3);
        beat();
        Await.until("the registry knows the volume", PATIENCE, this::isRegistered);
        assertThat(refused).hasValue(3);
    }

    @Test
    void volumesAreRegisteredOnceTheIdsInThemCannotBeGivenOutAgain() throws Exception {
        idsAreCommitted = false;
        beat();
        Await.until("it was tried and put off", PATIENCE, () -> pauses.get() > 2);
        assertThat(isRegistered()).isFalse();
        idsAreCommitted = true;
        Await.until("the registry knows the volume", PATIENCE, this::isRegistered);
    }

    private void beat() {
        topology.beat(new BeatStream(reason -> { }), Heartbeat.newBuilder().setIp("10.0.0.1").setPort(8080).setId("a")
                .putMaxVolumeCounts("", 10).addLocationUuids("a")
                .addVolumes(VolumeInformationMessage.newBuilder().setId(1).setVersion(3)).build());
    }

    private boolean isRegistered() {
        return log.read(state -> state.registry().replica("a", 1).isPresent());
    }

    /** Pauses are over at once, and counted. */
    private final class QuickTicker implements Ticker {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
            pauses.incrementAndGet();
            Ticker.system().sleep(Duration.ofMillis(1));
        }
    }

    /** Refuses so many proposals before it takes one. */
    private final class Reluctant implements StateLog {
        @Override
        public CompletableFuture<Applied> propose(MasterCommand command) {
            if (refused.get() >= refusals.get()) return log.propose(command);
            refused.incrementAndGet();
            return CompletableFuture.failedFuture(new NotCommittedException("not now"));
        }

        @Override
        public <T> T read(Function<MasterState, T> reader) {
            return log.read(reader);
        }

        @Override
        public Leadership leadership() {
            return log.leadership();
        }

        @Override
        public boolean holdsLease() {
            return log.holdsLease();
        }

        @Override
        public void onLeadership(Consumer<Leadership> listener) {
            log.onLeadership(listener);
        }

        @Override
        public void close() {}
    }

    @Override
    public void registryDiffers(String nodeId) {
        registrar.compare(nodeId);
    }

    @Override
    public void locationsChanged(LocationChange change) {}

    @Override
    public void serverCame(String nodeId) {}
}
