package dev.kelpfs.master.state;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a single master, which leads from the moment it is open. One thread writes: whatever was proposed while it
 * synced goes into the next batch. After a failed write or sync the log takes nothing more, because nobody knows what is
 * on the disk; ids that were reserved before stay good.
 */
public final class LocalLog implements StateLog {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);

    /** A single master has no elections. */
    private static final long TERM = 1;
    private static final int QUEUE_LIMIT = 4096;
    private static final int BATCH_LIMIT = 1024;
    private static final int BATCH_BYTES = 64 << 20;
    private static final long DEFAULT_COMPACT_BYTES = 4 << 20;

    private record Proposal(MasterCommand command, CompletableFuture<Applied> result) {}

    /** Wakes the writer for the last time. */
    private static final Proposal CLOSE = new Proposal(MasterCommand.getDefaultInstance(), new CompletableFuture<>());

    private final LocalFiles files;
    private final boolean tailWasCut;
    private final long compactBytes;
    private final BlockingQueue<Proposal> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final List<Consumer<Leadership>> listeners = new CopyOnWriteArrayList<>();
    private final Thread writer;

    private final ReentrantLock stateGuard = new ReentrantLock();
    /** Guarded by {@link #stateGuard}; only the writer changes it. */
    private final MasterState state;

    /**
     * Written under the guard of the listeners, so that they are told in order, and of {@link #queue}, so that nothing is queued
     * behind a failure or the end; never again once it failed.
     */
    private volatile Leadership leadership = new Leadership.Leading(TERM);

    private LocalLog(LocalFiles.Loaded loaded, long compactBytes) {
        this.files = loaded.files();
        this.state = loaded.state();
        this.tailWasCut = loaded.tailWasCut();
        this.compactBytes = compactBytes;
        this.writer = Thread.ofPlatform().name("kelp-master-log").daemon().unstarted(this::write);
    }

    /**
     * Opens the log in {@code directory}, which is made when missing.
     *
     * @param owner who holds the lock, for the message of whoever comes second
     * @throws CorruptStateException if a file is damaged
     * @throws IOException if the directory cannot be used or another process holds it for longer than 15 seconds
     */
    public static LocalLog open(Disk disk, Path directory, Ticker ticker, String owner) throws IOException {
        return open(disk, directory, ticker, owner, DEFAULT_COMPACT_BYTES);
    }

    static LocalLog open(Disk disk, Path directory, Ticker ticker, String owner, long compactBytes) throws IOException {
        disk.createDirectories(directory);
        DiskLock lock = StateLock.take(disk, directory, ticker, owner);
        try {
            return open(disk, directory, lock, compactBytes);
        } catch (IOException | RuntimeException failed) {
            LogFile.closeAfter(lock, failed);
            throw failed;
        }
    }

    /**
     * The same for a caller that holds the lock of the directory.
     *
     * @param lock closed with the log; the caller's own still if this fails
     */
    public static LocalLog open(Disk disk, Path directory, DiskLock lock) throws IOException {
        return open(disk, directory, lock, DEFAULT_COMPACT_BYTES);
    }

    private static LocalLog open(Disk disk, Path directory, DiskLock lock, long compactBytes) throws IOException {
        LocalLog log = new LocalLog(LocalFiles.open(disk, directory, lock), compactBytes);
        log.writer.start();
        return log;
    }

    /** True if the directory holds the log of a single master. */
    public static boolean exists(Disk disk, Path directory) {
        return LocalFiles.exist(disk, directory);
    }

    /** Removes the log of a single master, which must not be open. */
    public static void delete(Disk disk, Path directory) throws IOException {
        LocalFiles.delete(disk, directory);
    }

    /** True if an unfinished write was removed from the end: the last that was reserved could be among it. */
    public boolean tailWasCut() {
        return tailWasCut;
    }

    @Override
    public CompletableFuture<Applied> propose(MasterCommand command) {
        Optional<NotCommittedException> tooLarge = StateLog.tooLarge(command);
        if (tooLarge.isPresent()) return CompletableFuture.failedFuture(tooLarge.get());
        Proposal proposal = new Proposal(command, new CompletableFuture<>());
        String refusal;
        synchronized (queue) {
            refusal = switch (leadership) {
                case Leadership.Leading _ -> queue.offer(proposal) ? "" : QUEUE_LIMIT + " commands wait for the disk already";
                case Leadership.Following _ -> "this master does not lead";
                case Leadership.Failed(_, var reason) -> reason;
            };
        }
        if (!refusal.isEmpty()) proposal.result.completeExceptionally(new NotCommittedException(refusal));
        return proposal.result;
    }

    @Override
    public <T> T read(Function<MasterState, T> reader) {
        stateGuard.lock();
        try {
            return reader.apply(state);
        } finally {
            stateGuard.unlock();
        }
    }

    @Override
    public Leadership leadership() {
        return leadership;
    }

    /** Nobody else could lead, also when nothing can be written any more. */
    @Override
    public boolean holdsLease() {
        return true;
    }

    @Override
    public void onLeadership(Consumer<Leadership> listener) {
        synchronized (listeners) {
            listeners.add(listener);
            listener.accept(leadership);
        }
    }

    private void write() {
        List<Proposal> batch = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH_LIMIT - 1);
                boolean last = batch.remove(CLOSE);
                if (!batch.isEmpty()) commit(batch);
                if (last) return;
                if (files.logBytes() > compactBytes) files.compact(state);
            }
        } catch (IOException | RuntimeException failed) {
            LOG.error("The master's state cannot be kept any more; ids reserved so far stay good, nothing new is committed."
                    + " Repair the disk and restart the master", failed);
            fail("the master's state cannot be written: " + failed.getMessage(), batch, failed);
        } catch (InterruptedException interrupted) {
            fail("the writer of the master's state was interrupted", batch, interrupted);
        }
    }

    private void commit(List<Proposal> batch) throws IOException {
        int from = 0;
        while (from < batch.size()) {
            int to = from;
            long bytes = 0;
            while (to < batch.size() && bytes <= BATCH_BYTES - batch.get(to).command.getSerializedSize()) {
                bytes += batch.get(to).command.getSerializedSize() + Integer.BYTES;
                to++;
            }
            commitTogether(batch.subList(from, Math.max(to, from + 1)));
            from = Math.max(to, from + 1);
        }
    }

    private void commitTogether(List<Proposal> batch) throws IOException {
        long index = state.appliedIndex() + 1;
        files.append(new LogBatch(index, batch.stream().map(Proposal::command).toList()));
        for (Proposal proposal : batch) {
            proposal.result.complete(apply(index++, proposal.command));
        }
    }

    private Applied apply(long index, MasterCommand command) throws UnknownVersionException {
        stateGuard.lock();
        try {
            return state.apply(index, command);
        } finally {
            stateGuard.unlock();
        }
    }

    private void fail(String reason, List<Proposal> batch, Exception cause) {
        List<Proposal> lost = new ArrayList<>(batch);
        lost.addAll(end(reason, true));
        lost.forEach(proposal -> proposal.result.completeExceptionally(new NotCommittedException(reason, cause)));
    }

    /** Takes nothing more. @return what waits still, if it is to be given up */
    private List<Proposal> end(String reason, boolean giveUp) {
        List<Proposal> waiting = new ArrayList<>();
        synchronized (listeners) {
            boolean first;
            synchronized (queue) {
                first = leadership instanceof Leadership.Leading;
                if (first) leadership = new Leadership.Failed(TERM, reason);
                if (giveUp) queue.drainTo(waiting);
            }
            if (first) listeners.forEach(listener -> listener.accept(leadership));
        }
        return waiting;
    }

    /** Commits what was proposed, then gives the directory back. */
    @Override
    public void close() throws IOException {
        stop();
        files.close();
    }

    /** The same, but for the lock of the directory, which belongs to the caller then. The state can still be read. */
    public DiskLock closeAllButTheLock() throws IOException {
        stop();
        return files.closeAllButTheLock();
    }

    private void stop() {
        boolean interrupted = false;
        end("this master is stopping", false);
        while (writer.isAlive()) {
            try {
                // The writer may have failed and stopped taking, so neither step waits for ever.
                boolean told = queue.contains(CLOSE) || queue.offer(CLOSE, 1, TimeUnit.SECONDS);
                if (told) writer.join(Duration.ofSeconds(1));
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
