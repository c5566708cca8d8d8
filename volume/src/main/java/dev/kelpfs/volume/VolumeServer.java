package dev.kelpfs.volume;

import dev.kelpfs.core.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running volume server. It serves reads and writes from the moment it is started, whether or not a master answers;
 * what it cannot do is said by health checks and status, never by stopping. Safe for all threads.
 */
public final class VolumeServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeServer.class);

    private final VolumeServerParts parts;
    private final Duration preStop;
    private final AtomicBoolean left = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** A master was connected when this server left. */
    private volatile boolean known;

    private VolumeServer(VolumeServerParts parts, Duration preStop) {
        this.parts = parts;
        this.preStop = preStop;
    }

    /**
     * Opens the directories and listens. When this returns, every mounted volume is served; the master learns of them as
     * soon as it answers.
     *
     * @throws IOException if a directory cannot be used or an address cannot be bound; nothing is left running then
     * @throws IllegalArgumentException if a setting cannot be read, for example an entry of the white list
     */
    public static VolumeServer start(VolumeServerConfig config, VolumeServerEnvironment environment) throws IOException {
        return new VolumeServer(VolumeServerParts.start(config, environment), config.preStop());
    }

    /** The name of this server among the others: advertised host, admin port, gRPC port. */
    public ServerAddress address() {
        return parts.address();
    }

    /** The port for reads only, if there is one of its own. */
    public OptionalInt publicPort() {
        return parts.publicPort();
    }

    /** The port of {@code /metrics}, if there is one. */
    public OptionalInt metricsPort() {
        return parts.metricsPort();
    }

    /** Takes leave of the master, so that no more files are sent here; serves on until {@link #close}. Later calls do nothing. */
    public void leave() {
        if (!left.compareAndSet(false, true)) return;
        known = parts.link().master().isPresent();
        parts.link().leave();
    }

    /**
     * Takes leave of the master, waits {@code preStop} if there was one, lets running requests finish, and closes the
     * volumes durably. Later calls do nothing.
     */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) return;
        leave();
        if (known && preStop.isPositive()) {
            LOG.info("the master was told; serving on for {} s so that clients learn of it", preStop.toSeconds());
            try {
                Thread.sleep(preStop);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
        parts.close();
    }
}
