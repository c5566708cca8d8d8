package dev.kelpfs.benchmarks.storage;

import dev.kelpfs.benchmarks.disks.PassingFile;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;

/** A file whose syncs go through a {@link SyncTimer}. */
final class SlowSyncFile extends PassingFile {
    private final SyncTimer timer;

    SlowSyncFile(DiskFile below, SyncTimer timer) {
        super(below);
        this.timer = timer;
    }

    @Override
    public void sync() throws IOException {
        timer.sync(super::sync);
    }
}
