package dev.kelpfs.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.shell.access.AdminLock;
import dev.kelpfs.testkit.Await;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The lease behind the lock, on a clock and with waits that the test moves. */
class AdminLockTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final AtomicLong nowNanos = new AtomicLong(5);
    private final Semaphore waits = new Semaphore(0);

    private void later(int seconds) {
        nowNanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    /** Ends one wait of the thread that renews, and sees it ask for the lease. */
    private void renewal(FakeCluster cluster, int asked) throws InterruptedException {
        waits.release();
        Await.until("the lease is asked for " + asked + " times", LIMIT, () -> cluster.master.messages.size() == asked);
    }

    @Test
    void itIsHeldAsLongAsItIsRenewedAndNotASecondLonger() throws Exception {
        try (FakeCluster cluster = new FakeCluster();
                AdminLock lock = new AdminLock(cluster.masters(), "10.0.0.9", nowNanos::get, time -> waits.acquire())) {
            lock.acquire(line -> { });
            assertThat(lock.isHeld()).isTrue();
            later(4);
            lock.doing("volume.vacuum");
            renewal(cluster, 2);
            assertThat(cluster.master.messages).containsExactly("", "volume.vacuum");
            later(9);
            // The answer to the renewal may still be on its way.
            Await.until("held 13 s after it was taken, 9 s after it was renewed", LIMIT, lock::isHeld);

            cluster.master.otherHolder = "10.0.0.1";
            cluster.master.refusals.set(Integer.MAX_VALUE);
            renewal(cluster, 3);
            later(1);
            assertThat(lock.isHeld()).isFalse();

            // Somebody else may have changed the cluster since: it is not taken again behind the user's back.
            cluster.master.otherHolder = "";
            waits.release(3);
            Await.until("the waits are over", LIMIT, () -> waits.availablePermits() == 0);
            assertThat(cluster.master.messages).hasSize(3);
            assertThat(lock.isHeld()).isFalse();
        }
    }
}
