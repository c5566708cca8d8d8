package dev.kelpfs.volume.location;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is remembered of where volumes lie, for how long, and when a master is asked. */
class CachedLocationsTest {
    private static final VolumeId VOLUME = new VolumeId(7);
    private static final Located ON_A = at("a:8080");
    private static final Located ON_A_AND_B = at("a:8080", "b:8080");
    private static final Located NO_MASTER = new Located.Unknown("connection refused");

    private final AtomicLong nanos = new AtomicLong(5);
    private final AtomicInteger questions = new AtomicInteger();
    private final Deque<Runnable> beside = new ArrayDeque<>();
    private volatile Located answer = ON_A;
    private final CachedLocations locations = new CachedLocations(_ -> {
        questions.incrementAndGet();
        return answer;
    }, nanos::get, beside::add);

    private static Located at(String... urls) {
        List<Holder> holders = new ArrayList<>();
        for (String url : urls) holders.add(new Holder(ServerAddress.parse(url), url, ""));
        return new Located.At(holders);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aFreshAnswerIsGivenWithoutAQuestion() {
        assertThat(locations.known(VOLUME)).isEmpty();
        assertThat(locations.locate(VOLUME)).isEqualTo(ON_A);
        pass(Duration.ofSeconds(9));
        assertThat(locations.locate(VOLUME)).isEqualTo(ON_A);
        assertThat(locations.known(VOLUME)).isPresent();
        assertThat(questions).hasValue(1);
    }

    @Test
    void anAgeingAnswerIsRenewedBesideItsUse() {
        locations.locate(VOLUME);
        answer = ON_A_AND_B;
        pass(Duration.ofSeconds(15));
        assertThat(locations.locate(VOLUME)).isEqualTo(ON_A);
        assertThat(locations.known(VOLUME)).isPresent();
        assertThat(beside).as("one question at a time").hasSize(1);
        beside.remove().run();
        assertThat(locations.locate(VOLUME)).isEqualTo(ON_A_AND_B);
        assertThat(questions).hasValue(2);
    }

    @Test
    void anOldAnswerIsOnlyForTimesWithoutAMaster() {
        locations.locate(VOLUME);
        pass(Duration.ofMinutes(2));
        answer = NO_MASTER;
        assertThat(locations.known(VOLUME)).as("must be asked for first").isEmpty();
        assertThat(locations.locate(VOLUME)).isEqualTo(ON_A);
        assertThat(locations.known(VOLUME)).as("it is the best there is for now").isPresent();
        assertThat(questions).hasValue(2);
        answer = ON_A_AND_B;
        pass(Duration.ofMinutes(1));
        assertThat(locations.locate(VOLUME)).isEqualTo(ON_A_AND_B);
    }

    @Test
    void nothingOlderThanTenMinutesIsUsed() {
        locations.locate(VOLUME);
        answer = NO_MASTER;
        for (int i = 0; i < 11; i++) {
            pass(Duration.ofSeconds(50));
            if (i < 10) assertThat(locations.locate(VOLUME)).isEqualTo(ON_A);
        }
        pass(Duration.ofSeconds(60));
        assertThat(locations.locate(VOLUME)).isEqualTo(NO_MASTER);
    }

    @Test
    void aForgottenAnswerIsAskedForAgain() {
        locations.locate(VOLUME);
        answer = ON_A_AND_B;
        locations.forget(VOLUME);
        assertThat(locations.known(VOLUME)).isEmpty();
        assertThat(locations.locate(VOLUME)).isEqualTo(ON_A_AND_B);
    }

    @Test
    void thatAVolumeIsNowhereIsKeptForASecondOnly() {
        answer = new Located.Nowhere();
        locations.locate(VOLUME);
        locations.locate(VOLUME);
        assertThat(questions).hasValue(1);
        pass(Duration.ofSeconds(1));
        answer = ON_A;
        assertThat(locations.locate(VOLUME)).isEqualTo(ON_A);
    }

    @Test
    void manyWhoAskAtOnceShareOneQuestion() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        CachedLocations slow = new CachedLocations(_ -> {
            count.incrementAndGet();
            asked.countDown();
            try {
                assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return ON_A;
        }, nanos::get, beside::add);
        List<Thread> threads = new ArrayList<>();
        AtomicInteger right = new AtomicInteger();
        threads.add(Thread.ofVirtual().start(() -> slow.locate(VOLUME)));
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                if (slow.locate(VOLUME).equals(ON_A)) right.incrementAndGet();
            }));
        }
        go.countDown();
        for (Thread thread : threads) thread.join();
        assertThat(right).hasValue(20);
        assertThat(count).hasValue(1);
    }
}
