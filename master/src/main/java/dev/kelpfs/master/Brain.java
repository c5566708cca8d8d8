package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.assign.AssignForm;
import dev.kelpfs.master.assign.Assigner;
import dev.kelpfs.master.assign.Dice;
import dev.kelpfs.master.assign.WaitRule;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.collection.CollectionRemover;
import dev.kelpfs.master.growth.AheadGrowth;
import dev.kelpfs.master.growth.Grower;
import dev.kelpfs.master.growth.GrowthReadiness;
import dev.kelpfs.master.growth.RemoteVolumeMaker;
import dev.kelpfs.master.growth.VolumeFactory;
import dev.kelpfs.master.heartbeat.HeartbeatStreams;
import dev.kelpfs.master.ids.FileKeys;
import dev.kelpfs.master.ids.VolumeIds;
import dev.kelpfs.master.lock.AdminLocks;
import dev.kelpfs.master.metrics.MasterMetrics;
import dev.kelpfs.master.presumption.FailedWrites;
import dev.kelpfs.master.presumption.Presumptions;
import dev.kelpfs.master.registry.Registrar;
import dev.kelpfs.master.servers.VolumeServers;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.LocationChange;
import dev.kelpfs.master.topology.TopologySettings;
import dev.kelpfs.master.topology.Trust;
import dev.kelpfs.master.vacuum.AutoVacuum;
import dev.kelpfs.master.vacuum.VacuumSwitch;
import dev.kelpfs.master.vacuum.Vacuumer;
import dev.kelpfs.master.watch.Watchers;
import dev.kelpfs.rpc.RpcChannels;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of a master but its doors, wired together. What it is made of knows nothing of HTTP, and of gRPC only what
 * streams and calls to volume servers need.
 */
final class Brain implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Brain.class);
    private static final Duration TICK = Duration.ofSeconds(2);
    /** Servers of the reference need up to 11 s to come back to a new leader; those that did not by then are down. */
    private static final Duration PRESUMED_UP = Duration.ofSeconds(30);

    /**
     * What a leader must know about the state that it begins with.
     *
     * @param founded the cluster was founded a moment ago
     * @param tailWasCut the end of the log was torn by a crash, and could have held a reservation
     */
    record Inheritance(boolean founded, boolean tailWasCut) {}

    /** Held by an admin server as long as it lives. */
    private static final String ADMIN_SERVER_LOCK = "admin-server";

    final Standing standing;
    final LiveTopology topology;
    final Assigner assigner;
    final Grower grower;
    final Watchers watchers;
    final HeartbeatStreams heartbeats;
    final FailedWrites failedWrites;
    final CollectionRemover collections;
    final AdminLocks locks;
    final VacuumSwitch autoVacuumSwitch;
    final Vacuumer vacuumer;
    final AssignForm.Defaults defaults;
    final Dice dice;

    private final AutoVacuum autoVacuum;
    private final AheadGrowth aheadGrowth;
    private final FileKeys keys;
    private final VolumeIds volumeIds;
    private final Registrar registrar;
    private final Presumptions presumptions;
    private final boolean founded;
    private final List<String> expected;
    private final Ticker ticker;
    private final StateLog log;
    private final long term;
    private final Thread pulse = Thread.ofVirtual().name("kelp-master-pulse").unstarted(this::pulse);
    /** When the picture last saw a new server. */
    private volatile long lastServerNanos;
    private volatile boolean over;

    /**
     * @param log owned by the caller
     * @param inheritance what is special about the state that it begins with
     * @param dice gives cookies
     * @param threads for work that waits; owned by the caller
     */
    Brain(
            MasterConfig config, InstantSource clock, Ticker ticker, StateLog log, Inheritance inheritance, ServerAddress address,
            RandomGenerator random, Dice dice, RpcChannels channels, MasterMetrics metrics, ExecutorService threads) {
        this.ticker = ticker;
        this.log = log;
        this.term = log.leadership().term();
        this.founded = inheritance.founded();
        this.lastServerNanos = ticker.nanos();
        this.dice = dice;
        this.standing = new Standing(log, address, ticker);
        this.topology = new LiveTopology(
                new TopologySettings(config.volumeSizeLimitBytes(), config.growth().threshold(), config.growth().replicationIsMinimum()),
                ticker, new Announcer());
        this.watchers = new Watchers(standing, topology, clock, random, metrics::clientTooSlow);
        this.keys = new FileKeys(log, topology.largestCountedKey(), topology.change()::advance);
        this.volumeIds = new VolumeIds(log);
        this.registrar = new Registrar(
                log, () -> keys.seenAreCommitted() && volumeIds.seenAreCommitted(), topology, clock, ticker);
        this.expected = registrar.registeredUp();
        if (inheritance.tailWasCut()) skipAhead();
        VolumeServers servers = new VolumeServers(channels);
        this.presumptions = new Presumptions(log, topology, servers, ticker, threads);
        this.failedWrites = new FailedWrites(topology, servers, ticker, threads);
        VolumeFactory factory = new VolumeFactory(
                topology, new RemoteVolumeMaker(servers), ticker, metrics::volumeMade, metrics::volumeNotMade);
        this.grower = new Grower(config.growth(), topology, volumeIds, factory, this::untilReady, ticker, random, threads);
        this.aheadGrowth = new AheadGrowth(
                config.growth(), topology, grower, standing::leads, config.preallocateVolumes() ? config.volumeSizeLimitBytes() : 0,
                random, ticker, threads, AheadGrowth.usualPause(random));
        this.assigner = new Assigner(
                topology, keys, grower, WaitRule.DEFAULT, standing::leaderAge, this::mayAssign, ticker, random, dice,
                metrics::nowhereToWrite);
        this.collections = new CollectionRemover(topology, servers, registrar::absentHolders, threads);
        this.locks = new AdminLocks(ticker, clock, random, standing::term);
        this.autoVacuumSwitch = new VacuumSwitch(() -> locks.holder(ADMIN_SERVER_LOCK).isPresent());
        this.vacuumer = new Vacuumer(
                topology, servers, threads, standing::leads, config.maintenance().parallelVacuumsPerServer(),
                config.volumeSizeLimitBytes(), config.preallocateVolumes() ? config.volumeSizeLimitBytes() : 0);
        this.autoVacuum = new AutoVacuum(vacuumer, autoVacuumSwitch, standing::leads,
                config.maintenance().garbageThreshold(), ticker, AutoVacuum.usualPause(random));
        this.heartbeats = new HeartbeatStreams(
                standing, topology, keys, volumeIds, metrics, config.volumeSizeLimitBytes(), config.preallocateVolumes());
        this.defaults = new AssignForm.Defaults(
                config.defaultReplication(), config.preallocateVolumes() ? config.volumeSizeLimitBytes() : 0);
    }

    /** Names of collections of which servers that are not connected hold volumes. */
    SortedSet<String> absentCollections() {
        return registrar.absentCollections();
    }

    void start() {
        keys.start();
        registrar.start();
        presumptions.begin();
        pulse.start();
        autoVacuum.start();
        aheadGrowth.start();
    }

    /** Who waited for a place in this term must not be given one in a later term of the same master, from a picture that is old. */
    private boolean mayAssign() {
        return !over && log.leadership().term() == term && log.holdsLease();
    }

    /** The last reservation may have been among what was cut, so ids go on far above everything that is known. */
    private void skipAhead() {
        LOG.warn("The end of the master's log was torn by a crash and has been cut; keys and volume ids skip ahead, so that none is"
                + " given out twice");
        keys.skip(0);
        volumeIds.skip(0);
    }

    private Duration untilReady() {
        int missing = (int) expected.stream().filter(this::isAwaited).count();
        return GrowthReadiness.DEFAULT.wait(new GrowthReadiness.Facts(
                standing.leaderAge(), missing, founded && volumeIds.sawForeignVolumes(), ticker.since(lastServerNanos)));
    }

    /** It may come any moment: nothing has refuted that it is up, and nothing has confirmed it. */
    private boolean isAwaited(String nodeId) {
        return topology.trust(nodeId).filter(trust -> trust != Trust.CONFIRMED).isPresent();
    }

    private void pulse() {
        boolean presumed = true;
        try {
            while (true) {
                ticker.sleep(TICK);
                topology.tick();
                if (presumed && standing.leaderAge().compareTo(PRESUMED_UP) > 0) {
                    registrar.compareAllThatAreUp();
                    presumed = false;
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the streams and stops its threads. */
    @Override
    public void close() {
        over = true;
        presumptions.close();
        failedWrites.close();
        heartbeats.close();
        watchers.close();
        pulse.interrupt();
        autoVacuum.close();
        aheadGrowth.close();
        registrar.close();
    }

    /**
     * Carries what changed in the picture to clients and to the registry; called under the topology's lock. Nothing changes
     * before streams are opened, and that is after everything here was made.
     */
    private final class Announcer implements LiveTopology.Listener {
        @Override
        public void locationsChanged(LocationChange change) {
            watchers.announce(change);
        }

        @Override
        public void registryDiffers(String nodeId) {
            registrar.compare(nodeId);
        }

        @Override
        public void serverCame(String nodeId) {
            lastServerNanos = ticker.nanos();
            grower.forgive(nodeId);
        }
    }
}
