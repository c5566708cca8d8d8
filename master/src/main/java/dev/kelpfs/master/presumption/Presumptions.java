package dev.kelpfs.master.presumption;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.servers.VolumeServers;
import dev.kelpfs.master.state.Registry;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.Trust;
import dev.kelpfs.rpc.ConnectFailures;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presumes servers to be up that were, until their stream confirms it or something refutes it: a refused connection at once,
 * silence after a while. A server that answers may take its time to open a stream.
 */
public final class Presumptions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Presumptions.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration ONE_PING = Duration.ofSeconds(1);
    /** Servers of Kelp come back at once. */
    private static final Duration SILENT_KELP = Duration.ofSeconds(2);
    /** Servers of the reference need up to 11 s; so does anybody who answers but is busy. */
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration FIRST_ANSWERS = Duration.ofMillis(100);

    private record Presumed(RegisteredNode node, List<RegisteredReplica> replicas) {}

    private final StateLog log;
    private final LiveTopology topology;
    private final VolumeServers servers;
    private final Ticker ticker;
    private final ExecutorService threads;
    private final Set<Thread> watching = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param threads may hold many blocked tasks; owned by the caller */
    public Presumptions(StateLog log, LiveTopology topology, VolumeServers servers, Ticker ticker, ExecutorService threads) {
        this.log = log;
        this.topology = topology;
        this.servers = servers;
        this.ticker = ticker;
        this.threads = threads;
    }

    /**
     * Takes in all servers that the registry says are up, and asks them. Waits a moment for the first answers, so that hardly
     * anybody is sent to a server that died together with the last leader.
     */
    public void begin() {
        List<Presumed> all = log.read(state -> upServers(state.registry()));
        if (all.isEmpty()) return;
        all.forEach(presumed -> topology.presume(presumed.node, presumed.replicas));
        FirstAnswers asked = new FirstAnswers(all.size(), ticker);
        for (Presumed presumed : all) threads.execute(() -> watch(presumed.node, asked));
        try {
            asked.await(FIRST_ANSWERS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Presumed> upServers(Registry registry) {
        return registry.nodes().stream()
                .filter(RegisteredNode::getUp)
                .map(node -> new Presumed(node, List.copyOf(registry.replicas(node.getId()))))
                .toList();
    }

    private void watch(RegisteredNode node, FirstAnswers asked) {
        watching.add(Thread.currentThread());
        try {
            long start = ticker.nanos();
            while (!closed && topology.trust(node.getId()).filter(trust -> trust != Trust.CONFIRMED).isPresent()) {
                String refutation = ask(node, ticker.since(start));
                asked.from(node.getId());
                if (!refutation.isEmpty()) {
                    LOG.info("Volume server {} was up before this master led, but is not: {}", node.getAddress(), refutation);
                    topology.refuted(node.getId(), refutation);
                    return;
                }
                ticker.sleep(PAUSE);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            asked.from(node.getId());
            watching.remove(Thread.currentThread());
        }
    }

    /** @return why it is not there; empty if it may be */
    private String ask(RegisteredNode node, Duration since) {
        try {
            ServerAddress address = ServerAddress.parse(node.getAddress() + "." + node.getGrpcPort());
            servers.ping(address, ONE_PING);
            topology.reachable(node.getId());
            return since.compareTo(LONGEST) < 0 ? "" : "it answers, but opened no stream within " + LONGEST.toSeconds() + " s";
        } catch (StatusRuntimeException failed) {
            if (isAnswer(failed.getStatus())) {
                topology.reachable(node.getId());
                return since.compareTo(LONGEST) < 0 ? "" : "it opened no stream within " + LONGEST.toSeconds() + " s";
            }
            if (ConnectFailures.isUnconnected(failed.getStatus())) return "it refuses connections";
            Duration limit = node.getKelp() ? SILENT_KELP : LONGEST;
            return since.compareTo(limit) < 0 ? "" : "it is silent: " + failed.getStatus().getCode();
        } catch (IllegalArgumentException noAddress) {
            return "its address cannot be read: " + noAddress.getMessage();
        }
    }

    private static boolean isAnswer(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> false;
            default -> true;
        };
    }

    @Override
    public void close() {
        closed = true;
        watching.forEach(Thread::interrupt);
    }
}
