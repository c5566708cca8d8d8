package dev.kelpfs.volume.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.http.HttpException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Requests that a throttle holds back. */
class WaitingRequestTest {
    private final CountDownLatch held = new CountDownLatch(1);

    @Test
    void whoeverLeavesWaitsNoLonger() throws Exception {
        Throttle throttle = new Throttle(1000, Duration.ofHours(1), held::countDown);
        throttle.enter(2000, () -> false);
        AtomicBoolean left = new AtomicBoolean();
        try (ExecutorService client = Executors.newSingleThreadExecutor()) {
            Future<?> waiting = client.submit(() -> {
                throttle.enter(1, left::get);
                return "let through";
            });
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
            left.set(true);
            assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS)).cause()
                    .isInstanceOfSatisfying(HttpException.class, gone -> assertThat(gone.status()).isEqualTo(499));
            assertThat(throttle.underWay()).isEqualTo(2000);
        }
    }

    @Test
    void patienceIsOneTimeHoweverOftenItLooksAround() throws Exception {
        Throttle throttle = new Throttle(1000, Duration.ofMillis(1500), held::countDown);
        throttle.enter(2000, () -> false);
        assertThat(throttle.isFull()).isTrue();
        assertThatThrownBy(() -> throttle.enter(1, () -> false))
                .isInstanceOfSatisfying(HttpException.class, late -> assertThat(late.status()).isEqualTo(429));
        throttle.leave(2000);
        assertThat(throttle.isFull()).isFalse();
        throttle.enter(1, () -> false);
        assertThat(throttle.underWay()).isEqualTo(1);
    }
}
