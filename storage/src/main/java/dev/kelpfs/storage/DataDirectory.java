package dev.kelpfs.storage;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.DiskSpace;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.RefusedVolumeException;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeContext;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeName;
import dev.kelpfs.storage.volume.VolumeOpener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One data directory: its lock, its identity, its threads and the volumes mounted from it. Which volume of several with
 * one id serves is the store's business.
 */
final class DataDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final String UUID_FILE = "vol_dir.uuid";
    private static final int MAX_UUID_BYTES = 4096;

    private final int diskId;
    private final DataDirectoryOptions options;
    private final Path indexDirectory;
    private final Disk disk;
    private final DiskLock lock;
    private final String uuid;
    private final DiskThreads threads;
    private final VolumeContext context;
    private final ConcurrentHashMap<VolumeId, Volume> volumes = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<VolumeName, String> refused =
            new ConcurrentSkipListMap<>(Comparator.comparing(VolumeName::toString));
    private volatile DiskSpace space;
    private volatile boolean low;

    private DataDirectory(
            int diskId, DataDirectoryOptions options, Path indexDirectory, StoreEnvironment environment,
            DiskLock lock, String uuid, DiskThreads threads, Durability leastDurability, DiskSpace space) {
        this.diskId = diskId;
        this.options = options;
        this.indexDirectory = indexDirectory;
        this.disk = environment.disk();
        this.lock = lock;
        this.uuid = uuid;
        this.threads = threads;
        this.space = space;
        this.context = new VolumeContext(
                disk, environment.clock(), environment.ticker(), threads, leastDurability, environment.random());
    }

    /** Locks the directory; its volumes are loaded by {@link #loadNew}. */
    static DataDirectory open(int diskId, DataDirectoryOptions options, StoreOptions store, StoreEnvironment environment)
            throws IOException {
        Disk disk = environment.disk();
        if (!disk.isDirectory(options.path())) {
            throw new IOException("data directory " + options.path() + " does not exist or is no directory; create it first");
        }
        if (!disk.isWritable(options.path())) {
            throw new IOException("data directory " + options.path() + " is not writable for this process");
        }
        Path indexDirectory = store.indexDirectory().orElse(options.path());
        disk.createDirectories(indexDirectory);
        DiskLock lock = DirectoryLock.take(environment, options.path(), store.lockWait());
        try {
            DiskThreads threads = new DiskThreads("disk-" + diskId, store.threadsPerDisk(), store.queuePerDisk());
            DataDirectory directory = new DataDirectory(diskId, options, indexDirectory, environment, lock,
                    uuid(disk, options.path(), environment.random()), threads, store.leastDurability(),
                    disk.space(options.path()));
            directory.checkSpace();
            return directory;
        } catch (IOException | RuntimeException failed) {
            lock.close();
            throw failed;
        }
    }

    private static String uuid(Disk disk, Path directory, RandomGenerator random) throws IOException {
        Path path = directory.resolve(UUID_FILE);
        try (DiskFile file = disk.open(path, Open.CREATE)) {
            ByteBuffer text = ByteBuffer.allocate((int) Math.min(file.size(), MAX_UUID_BYTES));
            if (text.hasRemaining()) file.read(text, 0);
            String known = StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
            if (!known.isEmpty()) return known;
            // Version 4, variant 2: what marks a random one.
            long high = random.nextLong() & ~0xf000L | 0x4000L;
            long low = random.nextLong() & ~(3L << 62) | 2L << 62;
            String fresh = new UUID(high, low).toString();
            file.write(ByteBuffer.wrap(fresh.getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
            disk.syncDirectory(directory);
            return fresh;
        }
    }

    /**
     * Mounts every volume that lies here and is not mounted yet. What cannot be mounted is kept by name with the reason
     * and stops nobody else.
     */
    void loadNew() throws IOException {
        SortedMap<VolumeId, VolumeName> names = new TreeMap<>();
        DirectoryScan found = scan();
        for (VolumeName name : found.lone()) {
            refuse(name, files(name).dat() + " lies there without index and info file; if it is a volume of this server have weed fix"
                    + " make its index, else move it away");
        }
        for (VolumeName name : found.names()) {
            VolumeName taken = names.putIfAbsent(name.id(), name);
            if (taken != null) {
                refuse(name, "the directory holds " + taken + " as well, which has the same volume id; move one of them away");
            }
        }
        names.keySet().removeAll(volumes.keySet());
        threads.forEach(names.values(), name -> {
            try {
                mount(name);
            } catch (RefusedVolumeException refusal) {
                refuse(name, String.valueOf(refusal.getMessage()));
            } catch (IOException failed) {
                refuse(name, "it cannot be opened: " + failed.getMessage());
            } catch (RuntimeException bug) {
                LOG.error("opening volume {} in {} failed in an unforeseen way", name, options.path(), bug);
                refuse(name, "it cannot be opened: " + bug);
            }
        });
    }

    private DirectoryScan scan() throws IOException {
        return DirectoryScan.of(disk, options.path(), indexDirectory);
    }

    private void refuse(VolumeName name, String reason) {
        LOG.error("volume {} in {} is not served: {}", name, options.path(), reason);
        refused.put(name, name + ": " + reason);
    }

    /** Mounts a volume; empty if there are no files of it. */
    Optional<Volume> mount(VolumeName name) throws IOException {
        Optional<Volume> volume = VolumeOpener.open(context, files(name));
        volume.ifPresent(this::mounted);
        return volume;
    }

    /** @throws RefusedVolumeException if files of that name lie here which must not be touched */
    Volume create(VolumeName name, NewVolume wanted) throws IOException {
        Volume volume = VolumeOpener.create(context, files(name), wanted.placement(), wanted.ttl(), wanted.reserveBytes());
        mounted(volume);
        return volume;
    }

    private void mounted(Volume volume) {
        if (low) volume.diskIsLow(true, lowReason());
        volumes.put(volume.id(), volume);
        refused.remove(volume.files().name());
    }

    /** Names under which files of this volume id lie here. */
    List<VolumeName> find(VolumeId id) throws IOException {
        return scan().names().stream().filter(name -> name.id().equals(id)).toList();
    }

    /** Why no volume of this name may be made, if so: files of its id lie here under another name, or nobody knows which. */
    Optional<String> whyTaken(VolumeName wanted) throws IOException {
        DirectoryScan found = scan();
        for (VolumeName name : found.lone()) {
            if (name.id().equals(wanted.id())) return Optional.of(files(name).dat() + " lies there, without index and info file");
        }
        return found.names().stream()
                .filter(name -> name.id().equals(wanted.id()) && !name.equals(wanted))
                .findFirst()
                .map(name -> options.path() + " holds files of volume " + name + "; mount it, or move them away");
    }

    /** Ids of which there are files that are not served. */
    Set<VolumeId> refusedIds() {
        return refused.keySet().stream().map(VolumeName::id).collect(Collectors.toSet());
    }

    Optional<Volume> remove(VolumeId id) {
        return Optional.ofNullable(volumes.remove(id));
    }

    Map<VolumeId, Volume> volumes() {
        return volumes;
    }

    Disk disk() {
        return disk;
    }

    DataDirectoryOptions options() {
        return options;
    }

    DiskThreads threads() {
        return threads;
    }

    /** Makes volumes read-only whose data files are gone. */
    void checkPresence() {
        for (Volume volume : volumes.values()) volume.checkPresence();
    }

    /** Asks for the free space and makes the volumes read-only, or writable again, accordingly. */
    void checkSpace() {
        try {
            space = disk.space(options.path());
        } catch (IOException failed) {
            LOG.warn("free space of {} is not known: {}", options.path(), failed.getMessage());
            return;
        }
        boolean nowLow = options.minFreeSpace().isMissedBy(space);
        if (nowLow != low) {
            LOG.warn("disk of {} went from {} to {}: {} of {} bytes are free, the minimum is {}", options.path(),
                    low ? "low" : "enough space", nowLow ? "low" : "enough space", space.freeBytes(), space.totalBytes(),
                    options.minFreeSpace());
        }
        low = nowLow;
        for (Volume volume : volumes.values()) volume.diskIsLow(low, lowReason());
    }

    private String lowReason() {
        return "the disk of " + options.path() + " has " + space.freeBytes() + " bytes free, less than the minimum of "
                + options.minFreeSpace();
    }

    boolean isLow() {
        return low;
    }

    /** Most volumes that this directory takes now. */
    int effectiveMaxVolumes(long sizeLimitBytes, boolean reserving) {
        int mounted = volumes.size();
        if (low) return mounted;
        if (options.maxVolumes() > 0) return options.maxVolumes();
        long reserved = 0;
        if (!reserving) {
            for (Volume volume : volumes.values()) {
                if (!volume.readOnly().isWritable()) continue;
                reserved += Math.max(0, sizeLimitBytes - volume.numbers().datBytes() - volume.numbers().idxBytes());
            }
        }
        long more = Math.max(0, space.freeBytes() - reserved) / sizeLimitBytes;
        return Math.clamp(mounted + more, 1, Integer.MAX_VALUE);
    }

    /** @param unannounced volumes that lie here and take their slots, though nobody is told of them */
    DirectoryReport report(long sizeLimitBytes, boolean reserving, int unannounced) {
        return new DirectoryReport(diskId, options.path(), options.diskType(), uuid, options.tags(), volumes.size(),
                Math.max(0, effectiveMaxVolumes(sizeLimitBytes, reserving) - unannounced), space, low, List.copyOf(refused.values()));
    }

    int diskId() {
        return diskId;
    }

    VolumeFiles files(VolumeName name) {
        return new VolumeFiles(name, options.path(), indexDirectory);
    }

    /** Unmounts everything, durably, and gives the directory up. */
    void close() throws IOException {
        try {
            threads.forEach(List.copyOf(volumes.values()), volume -> {
                try {
                    volume.unmount(true);
                } catch (IOException failed) {
                    LOG.error("{}: its last writes may not survive a power loss: {}", volume, failed.getMessage());
                }
            });
            volumes.clear();
            threads.close();
        } finally {
            lock.close();
        }
    }
}
