package dev.kelpfs.volume;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.storage.Store;
import dev.kelpfs.volume.administration.Announcements;
import dev.kelpfs.volume.heartbeat.HeartbeatEvents;
import dev.kelpfs.volume.heartbeat.HeartbeatLoop;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What connects this server with its master: the heartbeat once it beats, and nothing for a server that stands alone. Safe
 * for all threads.
 */
final class MasterLink implements Announcements, HeartbeatEvents {
    private final Store store;
    private final VolumeMetrics metrics;

    /** Written once, when the ports are known that the heartbeat names. */
    private volatile @Nullable HeartbeatLoop heartbeat;

    private volatile String self = "";
    private volatile boolean leaving;

    MasterLink(Store store, VolumeMetrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    /** @param ownAddress {@code host:port} by which the master knows this server */
    void beats(String ownAddress, HeartbeatLoop loop) {
        self = ownAddress;
        heartbeat = loop;
    }

    /** {@code host:port} by which the master knows this server; empty before it is told. */
    String self() {
        return self;
    }

    /** The same as an address; empty before the master is told. */
    Optional<ServerAddress> address() {
        String own = self;
        return own.isEmpty() ? Optional.empty() : Optional.of(ServerAddress.parse(own));
    }

    @Override
    public void volumesChanged() {
        HeartbeatLoop loop = heartbeat;
        if (loop != null) loop.volumesChanged();
    }

    /** The farewell; later calls do nothing more. */
    @Override
    public void leave() {
        leaving = true;
        HeartbeatLoop loop = heartbeat;
        if (loop != null) loop.close();
    }

    /** True from the moment in which the server takes leave. */
    boolean isLeaving() {
        return leaving;
    }

    /** All masters that are known, those of the command line first; none before this server talks to masters. */
    List<ServerAddress> masters() {
        HeartbeatLoop loop = heartbeat;
        return loop == null ? List.of() : loop.masters();
    }

    /** Those of them whom this server may believe; none before it talks to masters. */
    List<ServerAddress> ownMasters() {
        HeartbeatLoop loop = heartbeat;
        return loop == null ? List.of() : loop.ownMasters();
    }

    /** Why a leader of another cluster is refused now; empty if there is none. For people. */
    String refusal() {
        HeartbeatLoop loop = heartbeat;
        return loop == null ? "" : loop.refusal();
    }

    /** The master that knows about this server now. */
    Optional<ServerAddress> master() {
        HeartbeatLoop loop = heartbeat;
        return loop == null ? Optional.empty() : loop.master();
    }

    @Override
    public void settings(long volumeSizeLimitBytes, boolean preallocate) {
        store.volumeSizeLimit(volumeSizeLimitBytes, preallocate);
    }

    @Override
    public void lost(ServerAddress master) {
        metrics.masterLost(master.toString());
    }
}
