package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GroupCommitTest {
    private static final Ticker STILL = () -> 0;

    /** A file whose syncs can be held up and made to fail. */
    private static final class SyncedFile implements DiskFile {
        final AtomicInteger syncs = new AtomicInteger();
        final CountDownLatch firstBegan = new CountDownLatch(1);
        final CountDownLatch firstMayEnd = new CountDownLatch(1);
        volatile boolean broken;
        volatile boolean runsOutOfMemory;

        @Override
        public void sync() throws IOException {
            if (syncs.incrementAndGet() == 1) {
                firstBegan.countDown();
                try {
                    firstMayEnd.await();
                } catch (InterruptedException stop) {
                    throw new IOException(stop);
                }
            }
            if (runsOutOfMemory) throw new OutOfMemoryError("planned");
            if (broken) throw new IOException("planned");
        }

        @Override
        public int read(ByteBuffer target, long offset) {
            return END_OF_FILE;
        }

        @Override
        public int readNow(ByteBuffer target, long offset) {
            return END_OF_FILE;
        }

        @Override
        public void write(ByteBuffer[] sources, long offset) {}

        @Override
        public long size() {
            return 0;
        }

        @Override
        public void truncate(long size) {}

        @Override
        public void close() {}
    }

    private final SyncedFile file = new SyncedFile();

    @Test
    @Timeout(60)
    void aSyncThatBreaksOffFailsAllWhoWait() {
        file.firstMayEnd.countDown();
        file.runsOutOfMemory = true;
        GroupCommit commit = new GroupCommit(file, Runnable::run, STILL);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(commit::await).isInstanceOf(IOException.class).hasMessageContaining("OutOfMemoryError");
        }
    }

    @Test
    void whoeverComesDuringASyncSharesTheNextOne() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            GroupCommit commit = new GroupCommit(file, threads, STILL);
            AtomicInteger asked = new AtomicInteger();
            AtomicInteger answered = new AtomicInteger();
            List<Thread> waiters = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiters.add(Thread.ofVirtual().start(() -> {
                    asked.incrementAndGet();
                    try {
                        commit.await();
                        answered.incrementAndGet();
                    } catch (IOException failed) {
                        throw new IllegalStateException(failed);
                    }
                }));
                if (i == 0) file.firstBegan.await();
            }
            while (asked.get() < 20 || waiters.stream().anyMatch(waiter -> waiter.getState() == Thread.State.RUNNABLE)) {
                Thread.onSpinWait();
            }
            assertThat(answered).hasValue(0);
            file.firstMayEnd.countDown();
            for (Thread waiter : waiters) waiter.join();
            assertThat(answered).hasValue(20);
            assertThat(file.syncs).hasValue(2);
        }
    }

    @Test
    void whoeverWasAnsweredTogetherSharesTheNextSyncToo() throws Exception {
        AtomicLong nanos = new AtomicLong();
        // Each look at the time takes an hour, so a sync does too, and the next one may be put off for very long.
        Ticker hours = () -> nanos.addAndGet(Duration.ofHours(1).toNanos());
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            GroupCommit commit = new GroupCommit(file, threads, hours, Duration.ofHours(1));
            Thread first = waiter(commit);
            file.firstBegan.await();
            List<Thread> others = List.of(waiter(commit), waiter(commit));
            while (others.stream().anyMatch(other -> other.getState() != Thread.State.WAITING)) Thread.onSpinWait();
            file.firstMayEnd.countDown();
            // Three waited when the first sync ended. Two wait on; their sync begins when somebody takes the first one's place.
            first.join();
            commit.await();
            for (Thread other : others) other.join();
            assertThat(file.syncs).hasValue(2);
        }
    }

    @Test
    @Timeout(60)
    void aSyncIsNotPutOffForLongerThanTheLastOneTook() throws Exception {
        file.firstMayEnd.countDown();
        AtomicLong nanos = new AtomicLong();
        Ticker tenMillis = () -> nanos.addAndGet(Duration.ofMillis(10).toNanos());
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            GroupCommit commit = new GroupCommit(file, threads, tenMillis, Duration.ofHours(1));
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) writers.add(waiter(commit));
            for (Thread writer : writers) writer.join();
            // The other seven never come back.
            commit.await();
            assertThat(file.syncs.get()).isBetween(2, 9);
        }
    }

    private static Thread waiter(GroupCommit commit) {
        return Thread.ofPlatform().start(() -> {
            try {
                commit.await();
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    @Test
    void afterAFailedSyncNobodyIsToldThatAnythingIsDurable() throws Exception {
        file.firstMayEnd.countDown();
        file.broken = true;
        GroupCommit commit = new GroupCommit(file, Runnable::run, STILL);
        assertThatThrownBy(commit::await).isInstanceOf(IOException.class).hasMessageContaining("planned");
        file.broken = false;
        assertThatThrownBy(commit::await).isInstanceOf(IOException.class);
        assertThat(file.syncs).hasValue(1);
    }

    @Test
    void syncsInTheCallerWhenTheDiskHasNoThreadLeft() throws Exception {
        file.firstMayEnd.countDown();
        GroupCommit commit = new GroupCommit(file, _ -> {
            throw new RejectedExecutionException("full");
        }, STILL);
        commit.await();
        commit.await();
        assertThat(file.syncs).hasValue(2);
    }
}
