package dev.kelpfs.benchmarks.storage;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Volumes with files in them, made without a server. */
public final class FilledVolumes {
    private FilledVolumes() {}

    /**
     * Makes volumes and stores files in them in turn, durably.
     *
     * @param content of every file
     * @return the ids of all files
     */
    public static List<FileId> fill(Path directory, int volumes, int files, byte[] content, Ticker ticker) throws IOException {
        List<FileId> ids = new ArrayList<>(files);
        ByteBuffer data = ByteBuffer.allocateDirect(content.length).put(content).flip();
        try (OpenedStore store = OpenedStore.open(RealDisk.create(), directory, ticker)) {
            List<Volume> all = new ArrayList<>();
            for (int i = 1; i <= volumes; i++) all.add(store.create(i));
            for (int i = 0; i < files; i++) {
                AppendResult result =
                        all.get(i % volumes).append(OpenedStore.draft(i + 1, data.duplicate()), Durability.PROCESS_DEATH);
                if (!(result instanceof AppendResult.Stored)) throw new IOException("a file for the measurement ended in " + result);
                ids.add(new FileId(new VolumeId(1 + i % volumes), new NeedleKey(i + 1), OpenedStore.COOKIE));
            }
        }
        return ids;
    }
}
