package dev.kelpfs.benchmarks.storage;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.storage.AllocateResult;
import dev.kelpfs.storage.DataDirectoryOptions;
import dev.kelpfs.storage.NewVolume;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.StoreEnvironment;
import dev.kelpfs.storage.StoreOptions;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;

/** A store over one data directory, as a volume server opens it. */
record OpenedStore(Store store) implements AutoCloseable {
    static final long EPOCH_SECONDS = 1_700_000_000L;
    static final int MAX_VOLUMES = 1_000;
    static final Cookie COOKIE = new Cookie(0x5eed);

    static OpenedStore open(Disk disk, Path directory, Ticker ticker) throws IOException {
        // Nothing here is random for safety's sake, and nobody draws from two threads at a time.
        StoreEnvironment environment =
                new StoreEnvironment(disk, InstantSource.system(), ticker, new SplittableRandom(EPOCH_SECONDS));
        DataDirectoryOptions data = new DataDirectoryOptions(
                directory, DiskType.HDD, MAX_VOLUMES, DataDirectoryOptions.of(directory).minFreeSpace(), List.of());
        return new OpenedStore(Store.open(StoreOptions.of(List.of(data)), environment));
    }

    Volume create(int id) throws IOException {
        AllocateResult created = store.allocate(new NewVolume(
                new VolumeId(id), CollectionName.DEFAULT, ReplicaPlacement.SINGLE, Ttl.NONE, DiskType.HDD, 0));
        if (created instanceof AllocateResult.Allocated(Volume volume)) return volume;
        throw new IllegalStateException("no volume could be made for the measurement: " + created);
    }

    static NeedleDraft draft(long key, ByteBuffer data) {
        return NeedleDraft.of(new NeedleKey(key), COOKIE).data(data).lastModified(EPOCH_SECONDS).build();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
