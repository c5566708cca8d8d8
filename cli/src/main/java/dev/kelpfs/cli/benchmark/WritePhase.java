package dev.kelpfs.cli.benchmark;

import dev.kelpfs.client.Assignment;
import dev.kelpfs.client.KelpClient;
import dev.kelpfs.client.KelpException;
import dev.kelpfs.client.NewFile;
import dev.kelpfs.core.FileId;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Writes files, each under an id of its own; a share of them is deleted a second later and does not reach the list. Used
 * once. Source: command line, section 11.
 */
final class WritePhase {
    private static final String TITLE = "Writing Benchmark";
    /** A type that no server compresses. */
    private static final String MIME = "image/bench";
    private static final int MOST_MORE_BYTES = 64;
    private static final int PERCENT = 100;
    private static final long DELETE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BenchmarkPlan plan;
    private final KelpClient kelp;
    private final PhaseRun phase;
    private final Tally tally;
    private final RandomGenerator random;
    private final byte[] filler;
    private final AtomicLong next = new AtomicLong();
    private final AtomicInteger writing = new AtomicInteger();
    private final DelayQueue<Doomed> doomed = new DelayQueue<>();

    WritePhase(BenchmarkPlan plan, KelpClient kelp, PhaseRun phase) {
        this.plan = plan;
        this.kelp = kelp;
        this.phase = phase;
        this.tally = new Tally(plan.requests());
        this.random = phase.world().random().get();
        this.filler = new byte[plan.fileBytes() + MOST_MORE_BYTES];
        random.nextBytes(filler);
        this.writing.set(plan.concurrency());
    }

    PhaseReport run() throws IOException {
        try (BufferedWriter list = Files.newBufferedWriter(plan.list())) {
            return phase.run(TITLE, tally, () -> {
                try {
                    for (long i = next.getAndIncrement(); i < plan.requests(); i = next.getAndIncrement()) {
                        write(i, list);
                        deleteWhatIsDue();
                    }
                } finally {
                    writing.decrementAndGet();
                }
                deleteTheRest();
            });
        }
    }

    private void write(long number, BufferedWriter list) throws IOException {
        byte[] content = content(number);
        long startNanos = phase.world().ticker().nanos();
        FileId id;
        try {
            Assignment place = kelp.assign(plan.placement(), 1);
            NewFile file = NewFile.of(content).ofType(MIME);
            kelp.upload(place, plan.fsync() ? file.synced() : file);
            id = place.id();
        } catch (KelpException failed) {
            tally.failed();
            phase.failed("write " + number, failed);
            return;
        }
        tally.completed(phase.world().ticker().since(startNanos).toNanos(), content.length);
        phase.seen(id.toString());
        if (random.nextInt(PERCENT) < plan.deletePercent()) {
            tally.oneMore();
            doomed.add(new Doomed(id, phase.world().ticker().nanos() + DELETE_AFTER_NANOS, this));
        } else {
            synchronized (list) {
                list.write(id + "\n");
            }
        }
    }

    private byte[] content(long number) {
        byte[] content = new byte[plan.fileBytes() + random.nextInt(MOST_MORE_BYTES)];
        System.arraycopy(filler, 0, content, 0, content.length);
        byte[] head = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
        System.arraycopy(head, 0, content, 0, Math.min(head.length, content.length));
        return content;
    }

    private void deleteWhatIsDue() {
        for (Doomed due = doomed.poll(); due != null; due = doomed.poll()) delete(due.id);
    }

    private void deleteTheRest() throws InterruptedException {
        while (writing.get() > 0 || !doomed.isEmpty()) {
            Doomed due = doomed.poll(100, TimeUnit.MILLISECONDS);
            if (due != null) delete(due.id);
            else if (plan.deletePercent() == 0) return;
        }
    }

    private void delete(FileId id) {
        try {
            if (!kelp.delete(id)) throw new KelpException("it is gone already");
            tally.completedUnmeasured();
        } catch (KelpException failed) {
            tally.failed();
            phase.failed("delete of " + id, failed);
        }
    }

    /** A file to be deleted at its time. Its order is that of time, whatever else the interface's contract would like. */
    private record Doomed(FileId id, long atNanos, WritePhase phase) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - phase.phase.world().ticker().nanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
