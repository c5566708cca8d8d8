package dev.kelpfs.master.presumption;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.servers.VolumeServers;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.Suspect;
import dev.kelpfs.rpc.ConnectFailures;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients report servers that they could not write to. Each such server is asked at once; only a connection that is refused
 * takes it out of the picture, also while its stream seems to be open. Whoever answers, or is silent, stays: a report alone
 * refutes nothing. Safe for all threads.
 */
public final class FailedWrites implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FailedWrites.class);
    private static final int MOST_AT_A_TIME = 64;
    private static final Duration SPACING = Duration.ofMillis(500);
    private static final Duration ONE_PING = Duration.ofSeconds(1);

    private final LiveTopology topology;
    private final VolumeServers servers;
    private final Ticker ticker;
    private final ExecutorService threads;
    /** Guarded by itself. */
    private final PingSpacing spacing = new PingSpacing(MOST_AT_A_TIME, SPACING);
    private volatile boolean closed;

    /** @param threads may hold many blocked tasks; owned by the caller */
    public FailedWrites(LiveTopology topology, VolumeServers servers, Ticker ticker, ExecutorService threads) {
        this.topology = topology;
        this.servers = servers;
        this.ticker = ticker;
        this.threads = threads;
    }

    /** Asks the server, unless that was done a moment ago or nobody of that name is known; returns at once. */
    public void report(String url) {
        Suspect suspect = topology.suspect(url).orElse(null);
        if (suspect == null || closed) return;
        String nodeId = suspect.place().nodeId();
        synchronized (spacing) {
            if (!spacing.begins(nodeId, ticker.nanos())) return;
        }
        try {
            threads.execute(() -> ask(suspect));
        } catch (RejectedExecutionException stopping) {
            ended(nodeId);
        }
    }

    private void ask(Suspect suspect) {
        try {
            ServerAddress address = VolumeServers.address(suspect.place());
            // What the first one says may be of a connection that failed long ago; the second one makes its own.
            if (refuses(address) && refuses(address) && !closed
                    && topology.refuted(suspect, "a client could not write to it, and it refuses connections")) {
                LOG.warn("Volume server {} is taken out: a client could not write to it, and it refuses connections", address);
            }
        } catch (IllegalArgumentException noAddress) {
            LOG.warn("Volume server {} cannot be asked: {}", suspect.place().nodeId(), noAddress.getMessage());
        } finally {
            ended(suspect.place().nodeId());
        }
    }

    private boolean refuses(ServerAddress address) {
        try {
            servers.ping(address, ONE_PING);
            return false;
        } catch (StatusRuntimeException failed) {
            return ConnectFailures.isRefused(failed.getStatus());
        }
    }

    private void ended(String nodeId) {
        synchronized (spacing) {
            spacing.ended(nodeId);
        }
    }

    /** Nothing is refuted any more: the picture belongs to a term that is over. */
    @Override
    public void close() {
        closed = true;
    }
}
