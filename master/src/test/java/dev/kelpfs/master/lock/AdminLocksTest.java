package dev.kelpfs.master.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdminLocksTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong term = new AtomicLong(1);
    private final AdminLocks locks = new AdminLocks(
            nanos::get, InstantSource.fixed(Instant.ofEpochSecond(100, 5)), new SplittableRandom(7), term::get);

    @Test
    void aLockIsHeldUntilItIsReleasedByItsHolder() {
        AdminLocks.Outcome.Leased first = leased("shell", 0, 0);
        assertThat(first.token()).isPositive();
        assertThat(first.sinceEpochNanos()).isEqualTo(100_000_000_005L);
        assertThat(locks.lease("shell", "other", "", 0, 0)).isEqualTo(new AdminLocks.Outcome.Held("me", "moving volumes"));
        assertThat(locks.lease("shell", "other", "", first.token() + 1, first.sinceEpochNanos()))
                .isInstanceOf(AdminLocks.Outcome.Held.class);
        locks.release("shell", first.token(), first.sinceEpochNanos() + 1);
        locks.release("shell", 0, 0);
        assertThat(locks.holder("shell")).contains(new AdminLocks.Holder("shell", "me", "moving volumes"));
        locks.release("shell", first.token(), first.sinceEpochNanos());
        assertThat(locks.holder("shell")).isEmpty();
        assertThat(locks.lease("shell", "other", "", 0, 0)).isInstanceOf(AdminLocks.Outcome.Leased.class);
    }

    @Test
    void aLeaseLastsTenSecondsAndEachRenewalGivesANewToken() {
        AdminLocks.Outcome.Leased first = leased("shell", 0, 0);
        pass(Duration.ofSeconds(9));
        AdminLocks.Outcome.Leased second = leased("shell", first.token(), first.sinceEpochNanos());
        assertThat(second.token()).isNotEqualTo(first.token());
        pass(Duration.ofSeconds(10).minusNanos(1));
        assertThat(locks.holders()).hasSize(1);
        pass(Duration.ofNanos(1));
        assertThat(locks.holders()).isEmpty();
        assertThat(locks.lease("shell", "other", "", 0, 0)).isInstanceOf(AdminLocks.Outcome.Leased.class);
    }

    @Test
    void aHolderWhomAnAnswerDidNotReachStillHoldsTheLock() {
        AdminLocks.Outcome.Leased first = leased("shell", 0, 0);
        leased("shell", first.token(), first.sinceEpochNanos());
        AdminLocks.Outcome.Leased third = leased("shell", first.token(), first.sinceEpochNanos());
        pass(Duration.ofSeconds(9));
        AdminLocks.Outcome.Leased fourth = leased("shell", third.token(), third.sinceEpochNanos());
        // What was shown before the last answer that came is worth nothing: somebody may have kept it.
        assertThat(locks.lease("shell", "me", "", first.token(), first.sinceEpochNanos())).isInstanceOf(AdminLocks.Outcome.Held.class);
        locks.release("shell", first.token(), first.sinceEpochNanos());
        assertThat(locks.holders()).hasSize(1);
        assertThat(fourth.token()).isNotEqualTo(third.token());
        locks.release("shell", third.token(), third.sinceEpochNanos());
        assertThat(locks.holders()).isEmpty();
        leased("shell", 0, 0);
        assertThat(locks.lease("shell", "other", "", 0, 0)).isInstanceOf(AdminLocks.Outcome.Held.class);
    }

    @Test
    void namesAreIndependentAndANewTermFreesAll() {
        leased("shell", 0, 0);
        leased("admin-server", 0, 0);
        assertThat(locks.holders()).extracting(AdminLocks.Holder::name).containsExactly("admin-server", "shell");
        term.set(2);
        assertThat(locks.holders()).isEmpty();
        leased("shell", 0, 0);
    }

    @Test
    void thereIsABoundOnLocksAndTexts() {
        for (int i = 0; i < 1000; i++) leased("lock" + i, 0, 0);
        assertThat(locks.lease("one more", "me", "", 0, 0)).isEqualTo(new AdminLocks.Outcome.TooMany(1000));
        pass(Duration.ofSeconds(10));
        assertThat(locks.lease("one more", "me", "x".repeat(1 << 20), 0, 0)).isInstanceOf(AdminLocks.Outcome.Leased.class);
        assertThat(locks.holder("one more").orElseThrow().message()).hasSize(1024);
        assertThatThrownBy(() -> locks.lease("x".repeat(257), "me", "", 0, 0)).hasMessageContaining("at most 256 characters");
    }

    private AdminLocks.Outcome.Leased leased(String name, long token, long since) {
        return (AdminLocks.Outcome.Leased) locks.lease(name, "me", "moving volumes", token, since);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
