package dev.kelpfs.storage;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.LockHeldException;
import dev.kelpfs.storage.volume.RefusedVolumeException;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeName;
import dev.kelpfs.storage.volume.VolumeNumbers;
import dev.kelpfs.storage.volume.VolumeRemoval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All volumes of one server, over one or more data directories. Any thread may call any method; {@link #volume} and
 * {@link #report} do not block on a disk, the others may.
 *
 * <p>When two directories hold a volume of the same id the one in the first directory serves; unmounting and deleting
 * act on both.
 *
 * <p>Source: storage formats, section 13.
 */
public final class Store implements AutoCloseable {
    /** Size at which masters stop assigning to a volume, unless they say otherwise. */
    public static final long DEFAULT_VOLUME_SIZE_LIMIT_BYTES = 30_720L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private final StoreEnvironment environment;
    private final List<DataDirectory> directories;

    /** The serving volume by id. Changed under this, read by any thread. */
    private final ConcurrentHashMap<VolumeId, Volume> serving = new ConcurrentHashMap<>();

    private volatile long sizeLimitBytes = DEFAULT_VOLUME_SIZE_LIMIT_BYTES;
    private volatile boolean sizeLimitKnown;
    private volatile boolean reserving;

    private Store(StoreEnvironment environment, List<DataDirectory> directories) {
        this.environment = environment;
        this.directories = directories;
    }

    /**
     * Locks the directories and mounts the volumes in them. A volume that cannot be mounted is named in the report and
     * stops nobody else.
     *
     * @throws LockHeldException if another process keeps a directory locked for longer than the wait
     * @throws IOException if a directory is missing or cannot be used
     */
    public static Store open(StoreOptions options, StoreEnvironment environment) throws IOException {
        List<DataDirectory> opened = new ArrayList<>();
        try {
            for (int i = 0; i < options.directories().size(); i++) {
                opened.add(DataDirectory.open(i, options.directories().get(i), options, environment));
            }
            Store store = new Store(environment, List.copyOf(opened));
            store.loadNew();
            return store;
        } catch (IOException | RuntimeException failed) {
            for (DataDirectory directory : opened) {
                try {
                    directory.close();
                } catch (IOException suppressed) {
                    failed.addSuppressed(suppressed);
                }
            }
            throw failed;
        }
    }

    /** Mounts volumes whose files have appeared since. */
    public synchronized void loadNew() throws IOException {
        List<IOException> failures = new ArrayList<>();
        List<Thread> loaders = directories.stream().map(directory -> Thread.ofPlatform().unstarted(() -> {
            try {
                directory.loadNew();
            } catch (IOException failed) {
                synchronized (failures) {
                    failures.add(failed);
                }
            }
        })).toList();
        loaders.forEach(Thread::start);
        for (Thread loader : loaders) {
            try {
                loader.join();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while volumes were loaded", stop);
            }
        }
        if (!failures.isEmpty()) throw failures.getFirst();
        for (DataDirectory directory : directories) {
            directory.volumes().forEach(serving::putIfAbsent);
        }
        LOG.info("{} volumes are mounted from {} directories", serving.size(), directories.size());
    }

    /** The volume of this id, if it is mounted. */
    public Optional<Volume> volume(VolumeId id) {
        return Optional.ofNullable(serving.get(id));
    }

    /** All mounted volumes, in no order. */
    public List<Volume> volumes() {
        return List.copyOf(serving.values());
    }

    /** The bounded pool of platform threads for work that may block on the disk of this volume. */
    public Executor diskExecutor(Volume volume) {
        return directoryOf(volume).threads();
    }

    /** What the master says about sizes; counts for automatic limits and for expiry. */
    public void volumeSizeLimit(long bytes, boolean reserving) {
        if (bytes <= 0) throw new IllegalArgumentException("the size limit of volumes must be positive, got " + bytes);
        this.sizeLimitBytes = bytes;
        this.sizeLimitKnown = true;
        this.reserving = reserving;
    }

    /**
     * Creates a volume in the directory of the wanted disk type that has room and the fewest volumes. Files of an unmounted
     * volume of that name are opened again with what is in them.
     *
     * @throws IOException if the disk failed
     */
    public synchronized AllocateResult allocate(NewVolume wanted) throws IOException {
        Volume mounted = serving.get(wanted.id());
        if (mounted != null) return new AllocateResult.AlreadyMounted(mounted);
        return switch (RoomSearch.of(directories, wanted, sizeLimitBytes, reserving)) {
            case RoomSearch.Taken(String reason) -> new AllocateResult.Taken(reason);
            case RoomSearch.None(String detail) -> new AllocateResult.NoRoom(detail);
            case RoomSearch.In(DataDirectory directory) -> create(directory, wanted);
        };
    }

    private AllocateResult create(DataDirectory directory, NewVolume wanted) throws IOException {
        try {
            Volume volume = directory.create(wanted.name(), wanted);
            serving.put(wanted.id(), volume);
            LOG.info("created {}", volume);
            return new AllocateResult.Allocated(volume);
        } catch (RefusedVolumeException refusal) {
            return new AllocateResult.Taken(String.valueOf(refusal.getMessage()));
        }
    }

    /**
     * Mounts a volume whose files lie in one of the directories.
     *
     * @throws IOException if the disk failed
     */
    public synchronized MountResult mount(VolumeId id) throws IOException {
        Volume mounted = serving.get(id);
        if (mounted != null) return new MountResult.AlreadyMounted(mounted);
        for (DataDirectory directory : directories) {
            for (VolumeName name : directory.find(id)) {
                try {
                    Optional<Volume> volume = directory.mount(name);
                    if (volume.isEmpty()) continue;
                    serving.put(id, volume.get());
                    return new MountResult.Mounted(volume.get());
                } catch (RefusedVolumeException refusal) {
                    return new MountResult.Refused(String.valueOf(refusal.getMessage()));
                }
            }
        }
        return new MountResult.NotFound();
    }

    /**
     * Unmounts a volume, durably; its files stay.
     *
     * @return false if no such volume is mounted
     * @throws IOException if its last writes could not be made durable; it is unmounted all the same
     */
    public synchronized boolean unmount(VolumeId id) throws IOException {
        boolean found = false;
        serving.remove(id);
        for (DataDirectory directory : directories) {
            Optional<Volume> volume = directory.remove(id);
            if (volume.isPresent()) {
                found = true;
                volume.get().unmount(true);
            }
        }
        return found;
    }

    /**
     * Unmounts a volume and removes its files.
     *
     * @param onlyEmpty refuses if it has needles
     * @throws IOException if the disk failed; what is left of the files is not mounted
     */
    public synchronized DeleteVolumeResult delete(VolumeId id, boolean onlyEmpty) throws IOException {
        Volume mounted = serving.get(id);
        if (mounted == null) return new DeleteVolumeResult.NotFound();
        VolumeNumbers numbers = mounted.numbers();
        long live = Math.max(0, numbers.files() - numbers.deleted());
        if (onlyEmpty && live > 0) return new DeleteVolumeResult.NotEmpty(live);
        serving.remove(id);
        for (DataDirectory directory : directories) {
            Optional<Volume> volume = directory.remove(id);
            if (volume.isEmpty()) continue;
            volume.get().unmount(false);
            VolumeRemoval.removeAll(directory.disk(), volume.get().files(), false);
            LOG.info("deleted {}", volume.get());
        }
        return new DeleteVolumeResult.Deleted();
    }

    /** Deletes all volumes of a collection; gives their ids. */
    public synchronized List<VolumeId> deleteCollection(CollectionName collection) throws IOException {
        List<VolumeId> deleted = new ArrayList<>();
        for (Volume volume : volumes()) {
            if (!volume.collection().equals(collection)) continue;
            delete(volume.id(), false);
            deleted.add(volume.id());
        }
        return deleted;
    }

    /** Checks the free space of every directory, and that the files are still there; to be called once a minute. */
    public void checkDisks() {
        for (DataDirectory directory : directories) {
            directory.checkSpace();
            directory.checkPresence();
        }
    }

    /** Deletes volumes that are past their time to live for long enough; gives their ids. */
    public synchronized List<VolumeId> deleteExpired() throws IOException {
        long now = environment.clock().instant().getEpochSecond();
        List<VolumeId> deleted = new ArrayList<>();
        for (Volume volume : volumes()) {
            Predicate<VolumeNumbers> over = numbers -> isExpired(volume, numbers, now)
                    && VolumeExpiry.isDeletable(volume.ttl(), numbers, now);
            // Asked again when nobody can write any more: what was stored a moment ago has its time before it.
            if (!over.test(volume.numbers()) || !volume.unmountIf(over)) continue;
            LOG.info("{} has outlived its time to live of {}", volume, volume.ttl());
            delete(volume.id(), false);
            deleted.add(volume.id());
        }
        return deleted;
    }

    private boolean isExpired(Volume volume, VolumeNumbers numbers, long nowEpochSeconds) {
        return VolumeExpiry.isExpired(volume.ttl(), numbers, sizeLimitKnown ? sizeLimitBytes : 0, nowEpochSeconds);
    }

    /** Everything that a heartbeat or a status page needs. Does not touch the disk. */
    public StoreReport report() {
        long now = environment.clock().instant().getEpochSecond();
        Map<VolumeId, VolumeReport> announced = new TreeMap<>();
        List<VolumeId> expired = new ArrayList<>();
        List<VolumeId> withheld = new ArrayList<>();
        Map<DataDirectory, Integer> unannounced = new HashMap<>();
        long maxKey = 0;
        for (Volume volume : serving.values()) {
            long key = volume.numbers().maxKey();
            if (Long.compareUnsigned(key, maxKey) > 0) maxKey = key;
            boolean over = isExpired(volume, volume.numbers(), now);
            if (!over && !volume.isQuarantined()) {
                announced.put(volume.id(), report(volume));
                continue;
            }
            (over ? expired : withheld).add(volume.id());
            unannounced.merge(directoryOf(volume), 1, Integer::sum);
        }
        List<DirectoryReport> disks = directories.stream()
                .map(directory -> directory.report(sizeLimitBytes, reserving, unannounced.getOrDefault(directory, 0))).toList();
        Set<VolumeId> taken = new TreeSet<>();
        for (DataDirectory directory : directories) taken.addAll(directory.refusedIds());
        taken.removeAll(serving.keySet());
        return new StoreReport(
                List.copyOf(announced.values()), expired, withheld, List.copyOf(taken), disks, maxKey);
    }

    /** What a server tells about one of its volumes. */
    public VolumeReport report(Volume volume) {
        DataDirectory directory = directoryOf(volume);
        VolumeNumbers numbers = volume.numbers();
        return new VolumeReport(volume.id(), volume.collection(), numbers.datBytes(), numbers.fileBytes(), numbers.files(),
                numbers.deleted(), numbers.deletedBytes(), !volume.readOnly().isWritable(),
                volume.readOnly().whyNoWrites().orElse(""), volume.placement(), volume.version().number(), volume.ttl(),
                numbers.revision(), numbers.modifiedEpochSeconds(), directory.options().diskType(), directory.diskId());
    }

    private DataDirectory directoryOf(Volume volume) {
        for (DataDirectory directory : directories) {
            if (directory.options().path().equals(volume.files().dataDirectory())) return directory;
        }
        throw new IllegalArgumentException(volume + " is not of this store");
    }

    /** Unmounts all volumes, durably, and gives the directories up. */
    @Override
    public synchronized void close() throws IOException {
        serving.clear();
        IOException first = null;
        for (DataDirectory directory : directories) {
            try {
                directory.close();
            } catch (IOException failed) {
                if (first == null) first = failed;
                else first.addSuppressed(failed);
            }
        }
        if (first != null) throw first;
    }
}
