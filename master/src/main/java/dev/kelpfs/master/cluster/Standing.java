package dev.kelpfs.master.cluster;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.MemberProgress;
import dev.kelpfs.master.state.StateLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where this master stands, for the doors. Safe for all threads; nothing here waits for long. */
public final class Standing {
    private final StateLog log;
    private final Ticker ticker;
    private final long startedNanos;
    /** Written once more, when the ports are known that it really listens on. */
    private volatile ServerAddress address;

    /** @param address how this master calls itself */
    public Standing(StateLog log, ServerAddress address, Ticker ticker) {
        this.log = log;
        this.address = address;
        this.ticker = ticker;
        this.startedNanos = ticker.nanos();
    }

    /** A single master whose state cannot be written any more still answers: what it reserved before stays good. */
    public boolean leads() {
        return switch (log.leadership()) {
            case Leadership.Leading _ -> true;
            case Leadership.Failed _ -> log.holdsLease();
            case Leadership.Following _ -> false;
        };
    }

    /** How the leader calls itself, if one is known. */
    public Optional<ServerAddress> leader() {
        if (leads()) return Optional.of(address);
        return log.leadership() instanceof Leadership.Following(_, var leader) ? leader : Optional.empty();
    }

    public long term() {
        return log.leadership().term();
    }

    /** The ports it really listens on are known. */
    public void listensOn(ServerAddress bound) {
        address = bound;
    }

    /** Why the state cannot be changed any more; empty if it can. */
    public String failure() {
        return log.leadership() instanceof Leadership.Failed(_, var reason) ? reason : "";
    }

    /** Since when this master leads. */
    public Duration leaderAge() {
        return ticker.since(startedNanos);
    }

    public ServerAddress address() {
        return address;
    }

    /** How far all masters are; empty if this is the only one. */
    public List<MemberProgress> masters() {
        return log.progress();
    }

    /** Servers that are known to be down, and have or had volumes. */
    public List<DownServer> down() {
        return log.read(state -> state.registry().nodes().stream()
                .filter(node -> !node.getUp())
                .map(node -> new DownServer(node.getAddress(), node.getDataCenter(), node.getRack(),
                        Instant.ofEpochSecond(node.getDownSinceEpochSeconds()), state.registry().replicas(node.getId()).size()))
                .toList());
    }

    /**
     * A server that is down.
     *
     * @param since by the wall clock of the leader that saw it go
     * @param volumes that it has, as far as is known
     */
    public record DownServer(String url, String dataCenter, String rack, Instant since, int volumes) {}

    /** Identity of the cluster, which dashboards know as the topology id. */
    public String clusterId() {
        return log.read(MasterState::clusterId);
    }

    public long highestVolumeId() {
        return log.read(MasterState::highestVolumeId);
    }

    public long highestKey() {
        return log.read(MasterState::highestKey);
    }
}
