package dev.kelpfs.master.registry;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.state.Commands;
import dev.kelpfs.master.state.Registry;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the registry in step with the live picture. One thread compares the servers that changed, has the difference
 * committed, and compares again, until nothing differs; what changes meanwhile goes into the next round. Safe for all
 * threads.
 */
public final class Registrar implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
    /** Servers that are looked at together. */
    private static final int NODES_PER_ROUND = 8;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /** Waits until no id that any server brought along can be given out again, whoever leads next. */
    @FunctionalInterface
    public interface SeenIds {
        /** @return false if that could not be committed now */
        boolean areCommitted() throws InterruptedException;
    }

    private final StateLog log;
    private final SeenIds seenIds;
    private final LiveTopology topology;
    private final InstantSource clock;
    private final Ticker ticker;
    private final Thread worker = Thread.ofVirtual().name("kelp-master-registrar").unstarted(this::work);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    /** Guarded by {@link #lock}. */
    private final Set<String> toCompare = new LinkedHashSet<>();

    public Registrar(StateLog log, SeenIds seenIds, LiveTopology topology, InstantSource clock, Ticker ticker) {
        this.log = log;
        this.seenIds = seenIds;
        this.topology = topology;
        this.clock = clock;
        this.ticker = ticker;
    }

    public void start() {
        worker.start();
    }

    /** Has a server compared soon. Quick; may be called under the topology's lock. */
    public void compare(String nodeId) {
        lock.lock();
        try {
            toCompare.add(nodeId);
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Has all servers compared that the registry believes to be up: those that never came back are noted as down. */
    public void compareAllThatAreUp() {
        registeredUp().forEach(this::compare);
    }

    /** Ids of the servers that the registry believes to be up. */
    public List<String> registeredUp() {
        return log.read(state -> state.registry().nodes().stream()
                .filter(RegisteredNode::getUp)
                .map(RegisteredNode::getId)
                .toList());
    }

    /** Ids of servers that are not connected and held volumes of a collection when they last were. */
    public List<String> absentHolders(String collection) {
        List<String> holders = log.read(state -> state.registry().nodes().stream()
                .map(RegisteredNode::getId)
                .filter(id -> state.registry().replicas(id).stream().anyMatch(replica -> replica.getCollection().equals(collection)))
                .toList());
        return holders.stream().filter(id -> topology.place(id).isEmpty()).toList();
    }

    /** Names of collections of which servers that are not connected held volumes when they last were; sorted. */
    public SortedSet<String> absentCollections() {
        List<String> nodes = log.read(state -> state.registry().nodes().stream().map(RegisteredNode::getId).toList());
        // Not under the guard of the state: the picture has one of its own.
        List<String> absent = nodes.stream().filter(id -> topology.place(id).isEmpty()).toList();
        return log.read(state -> absent.stream()
                .flatMap(id -> state.registry().replicas(id).stream())
                .map(RegisteredReplica::getCollection)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Override
    public void close() {
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (true) {
                List<String> round = next();
                if (!commit(round)) {
                    ticker.sleep(PAUSE_AFTER_FAILURE);
                    round.forEach(this::compare);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> next() throws InterruptedException {
        lock.lock();
        try {
            while (toCompare.isEmpty()) wanted.await();
            List<String> round = toCompare.stream().limit(NODES_PER_ROUND).toList();
            round.forEach(toCompare::remove);
            return new ArrayList<>(round);
        } finally {
            lock.unlock();
        }
    }

    /** @return false if it must be tried again later */
    private boolean commit(List<String> nodeIds) throws InterruptedException {
        ChangeRegistry.Builder change = ChangeRegistry.newBuilder();
        for (String id : nodeIds) compare(id, change);
        if (change.getNodesCount() == 0 && change.getReplicasCount() == 0 && change.getRemovedReplicasCount() == 0) return true;
        // Else a next leader would write to volumes whose keys it gives out again, until their server has told it of them.
        if (change.getReplicasCount() > 0 && !seenIds.areCommitted()) return false;
        try {
            for (MasterCommand part : Commands.changesOfRegistry(change.build())) log.propose(part).get();
        } catch (ExecutionException failed) {
            LOG.warn("The registry could not be told of {} changed and {} gone replicas; new volumes are not written until it is: {}",
                    change.getReplicasCount(), change.getRemovedReplicasCount(), String.valueOf(failed.getCause()));
            return false;
        }
        for (String id : nodeIds) {
            ChangeRegistry.Builder rest = ChangeRegistry.newBuilder();
            compare(id, rest);
            // Whatever differs again changed while the commit was under way.
            if (rest.getNodesCount() > 0 || rest.getReplicasCount() > 0 || rest.getRemovedReplicasCount() > 0) compare(id);
        }
        return true;
    }

    private record View(Optional<RegisteredNode> node, Map<Integer, RegisteredReplica> replicas) {}

    private void compare(String nodeId, ChangeRegistry.Builder change) {
        View view = log.read(state -> viewOf(state.registry(), nodeId));
        topology.compareWithRegistry(nodeId, view.node, view.replicas, clock.instant().getEpochSecond(), change);
    }

    private static View viewOf(Registry registry, String nodeId) {
        Map<Integer, RegisteredReplica> replicas = new HashMap<>();
        registry.replicas(nodeId).forEach(replica -> replicas.put(replica.getVolumeId(), replica));
        return new View(registry.node(nodeId), replicas);
    }
}
