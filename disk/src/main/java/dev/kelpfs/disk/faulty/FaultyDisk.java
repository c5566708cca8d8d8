package dev.kelpfs.disk.faulty;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.DiskSpace;
import dev.kelpfs.disk.memory.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A memory disk that follows a {@link FaultPlan} and remembers what was synced. What was on it when it was made counts
 * as durable; so do directories as soon as they are created. The name of a file is durable once its directory was
 * synced, its content once the file was. A sync that failed leaves what it was to cover in doubt for good: no later
 * sync makes it durable, as with the kernel, which takes such pages for written.
 */
public final class FaultyDisk implements Disk {
    private static final long CAPACITY_BYTES = 1L << 30;

    private final MemoryDisk live;
    private final FaultPlan plan;

    // All guarded by this.
    private final Map<Path, FileHistory> names = new HashMap<>();
    private final Map<Path, FileHistory> durableNames = new HashMap<>();
    private final List<NameChange> namesSince = new ArrayList<>();
    private int calls;
    private boolean crashed;

    private sealed interface NameChange {
        record Linked(Path path, FileHistory file) implements NameChange {}

        record Renamed(Path from, Path to, FileHistory file) implements NameChange {}

        record Removed(Path path) implements NameChange {}
    }

    /** Takes over a memory disk; nobody else may use it any more. */
    public FaultyDisk(MemoryDisk live, FaultPlan plan) {
        this.live = live;
        this.plan = plan;
        live.snapshot().forEach((path, bytes) -> {
            FileHistory file = new FileHistory(bytes);
            names.put(path, file);
            durableNames.put(path, file);
        });
    }

    /** How many calls that change or sync something have come so far. */
    public synchronized int calls() {
        return calls;
    }

    /** True once the process has died as planned. */
    public synchronized boolean hasCrashed() {
        return crashed;
    }

    /** The disk as the next process finds it when this one dies now: everything that was written is there. */
    public synchronized MemoryDisk afterProcessDeath() {
        return image(names, FileHistory::current);
    }

    /** The disk as it comes up after a power loss now. */
    public synchronized MemoryDisk afterPowerLoss(Losses losses) {
        Map<Path, FileHistory> left = new HashMap<>(durableNames);
        for (NameChange change : namesSince) {
            if (losses.choose(2) == 0) apply(change, left);
        }
        return image(left, file -> file.after(losses));
    }

    private MemoryDisk image(Map<Path, FileHistory> left, Function<FileHistory, byte[]> content) {
        MemoryDisk disk = new MemoryDisk(InstantSource.fixed(Instant.EPOCH), CAPACITY_BYTES);
        try {
            for (Path directory : live.directories()) disk.createDirectories(directory);
            for (Path path : left.keySet().stream().sorted().toList()) {
                disk.createDirectories(path.getParent()); // its removal is lost when that of a file in it is
                try (DiskFile file = disk.open(path, Open.CREATE_NEW)) {
                    file.write(ByteBuffer.wrap(content.apply(left.get(path))), 0);
                }
            }
        } catch (IOException impossible) {
            throw new IllegalStateException("a memory disk refused a plain write", impossible);
        }
        return disk;
    }

    @Override
    public synchronized DiskFile open(Path path, Open how) throws IOException {
        checkAlive();
        Path name = clean(path);
        boolean creates = !names.containsKey(name) && (how == Open.CREATE || how == Open.CREATE_NEW);
        if (creates) meet(DiskCall.Kind.CREATE, path, 0);
        DiskFile file = live.open(path, how);
        if (creates) {
            FileHistory history = new FileHistory(new byte[0]);
            changeName(new NameChange.Linked(name, history));
        }
        return new FaultyFile(this, path, file, names.get(name));
    }

    @Override
    public boolean exists(Path path) {
        return live.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return live.isDirectory(path);
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        checkAlive();
        return live.list(directory);
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        checkAlive();
        live.createDirectories(directory);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        meet(DiskCall.Kind.RENAME, to, 0);
        live.rename(from, to);
        FileHistory file = names.get(clean(from));
        changeName(new NameChange.Renamed(clean(from), clean(to), file));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        checkAlive();
        if (!live.exists(path)) return;
        meet(DiskCall.Kind.DELETE, path, 0);
        live.delete(path);
        changeName(new NameChange.Removed(clean(path)));
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        Fault fault = meet(DiskCall.Kind.SYNC_DIRECTORY, directory, 0);
        live.syncDirectory(directory);
        if (fault instanceof Fault.Lie) return;
        // What changed the same names before comes along, or it would later undo what is durable now.
        Path parent = clean(directory);
        Set<Path> covered = new HashSet<>();
        Set<NameChange> durable = Collections.newSetFromMap(new IdentityHashMap<>());
        for (NameChange change : namesSince.reversed()) {
            Set<Path> places = places(change);
            if (places.stream().noneMatch(path -> parent.equals(path.getParent()) || covered.contains(path))) continue;
            covered.addAll(places);
            durable.add(change);
        }
        namesSince.removeIf(change -> {
            if (durable.contains(change)) apply(change, durableNames);
            return durable.contains(change);
        });
    }

    @Override
    public synchronized DiskSpace space(Path path) throws IOException {
        checkAlive();
        return live.space(path);
    }

    @Override
    public synchronized long modifiedEpochSeconds(Path path) throws IOException {
        checkAlive();
        return live.modifiedEpochSeconds(path);
    }

    @Override
    public boolean isWritable(Path path) {
        return live.isWritable(path);
    }

    @Override
    public synchronized DiskLock lock(Path path, String owner) throws IOException {
        checkAlive();
        DiskLock lock = live.lock(path, owner);
        Path name = clean(path);
        if (!names.containsKey(name)) changeName(new NameChange.Linked(name, new FileHistory(new byte[0])));
        FileHistory file = names.get(name);
        file.truncated(0);
        file.wrote(0, (owner + "\n").getBytes(StandardCharsets.UTF_8));
        return lock;
    }

    /** Counts the call and lets the plan strike; a call that may go on gets {@link Fault#NONE} or a lie. */
    synchronized Fault meet(DiskCall.Kind kind, Path path, long bytes) throws IOException {
        return meet(kind, path, bytes, _ -> {});
    }

    /** Like the other, with what a write does of its bytes before it fails. */
    synchronized Fault meet(DiskCall.Kind kind, Path path, long bytes, PartialWrite partial) throws IOException {
        checkAlive();
        if (kind != DiskCall.Kind.READ) calls++;
        Fault fault = plan.decide(new DiskCall(kind == DiskCall.Kind.READ ? 0 : calls, kind, path, bytes));
        return switch (fault) {
            case Fault.None _, Fault.Lie _ -> fault;
            case Fault.Fail(IOException failure, int doneBytes) -> {
                partial.write((int) Math.min(doneBytes, bytes));
                throw failure;
            }
            case Fault.Crash(int doneBytes) -> {
                partial.write((int) Math.min(doneBytes, bytes));
                crashed = true;
                throw new CrashedException();
            }
        };
    }

    /** Carries out the first bytes of a write that is about to fail. */
    @FunctionalInterface
    interface PartialWrite {
        void write(int bytes) throws IOException;
    }

    /** Runs a piece of bookkeeping under the disk's lock. */
    synchronized void guarded(Runnable work) {
        work.run();
    }

    synchronized void sync(Path path, DiskFile file, FileHistory history) throws IOException {
        Fault fault;
        try {
            fault = meet(DiskCall.Kind.SYNC, path, 0);
        } catch (IOException failed) {
            history.syncFailed();
            throw failed;
        }
        file.sync();
        if (!(fault instanceof Fault.Lie)) history.synced();
    }

    synchronized void checkAlive() throws CrashedException {
        if (crashed) throw new CrashedException();
    }

    private void changeName(NameChange change) {
        apply(change, names);
        namesSince.add(change);
    }

    private static void apply(NameChange change, Map<Path, FileHistory> to) {
        switch (change) {
            case NameChange.Linked(Path path, FileHistory file) -> to.put(path, file);
            case NameChange.Renamed(_, Path target, FileHistory file) -> {
                // Also when an earlier renaming is lost: a file has one name.
                to.values().removeIf(file::equals);
                to.put(target, file);
            }
            case NameChange.Removed(Path path) -> to.remove(path);
        }
    }

    private static Set<Path> places(NameChange change) {
        return switch (change) {
            case NameChange.Linked(Path path, _) -> Set.of(path);
            case NameChange.Renamed(Path from, Path to, _) -> from.equals(to) ? Set.of(from) : Set.of(from, to);
            case NameChange.Removed(Path path) -> Set.of(path);
        };
    }

    private static Path clean(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
