package dev.kelpfs.storage.volume;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.DeviceErrorException;
import dev.kelpfs.storage.volume.Volume.DiskWork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a volume takes no writes, and what the failures of its disk add to that. Safe for all threads. */
final class VolumeHealth {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeHealth.class);
    private static final int DEVICE_ERRORS_TOLERATED = 3;

    private final VolumeId id;
    private final Path dat;
    private final AtomicInteger deviceErrors = new AtomicInteger();
    /** Written under the guard of this. */
    private volatile ReadOnlyState state;

    VolumeHealth(VolumeId id, Path dat, ReadOnlyState state) {
        this.id = id;
        this.dat = dat;
        this.state = state;
    }

    ReadOnlyState state() {
        return state;
    }

    /** @return what holds now */
    synchronized ReadOnlyState change(UnaryOperator<ReadOnlyState> change) {
        state = change.apply(state);
        return state;
    }

    /** Does the work and draws the consequences for the volume when the disk fails in it. */
    <T> T guarded(DiskWork<T> work) throws IOException {
        try {
            T result = work.run();
            deviceWorked();
            return result;
        } catch (StuckTailException stuck) {
            poison(ReadOnlyCause.STUCK_TAIL, String.valueOf(stuck.getMessage()));
            throw stuck;
        } catch (DeviceErrorException failed) {
            deviceFailed();
            throw failed;
        }
    }

    void deviceWorked() {
        if (deviceErrors.get() != 0) deviceErrors.set(0);
    }

    void deviceFailed() {
        int errors = deviceErrors.incrementAndGet();
        if (errors >= DEVICE_ERRORS_TOLERATED) {
            poison(ReadOnlyCause.DEVICE_ERRORS, dat + ": " + errors + " device errors in a row; check the disk");
        }
    }

    void poison(ReadOnlyCause cause, String reason) {
        synchronized (this) {
            if (state.has(cause)) return;
            state = state.with(cause, reason);
        }
        LOG.error("volume {} is read-only now: {}", id, reason);
    }
}
