package dev.kelpfs.volume.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadMemoryTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final InetAddress greedy = address(1);
    private final InetAddress modest = address(2);
    private final AtomicLong nanos = new AtomicLong();
    private final UploadMemory memory = new UploadMemory(1000, nanos::get);

    @Test
    void whoHasHalfOfItWaitsForThoseWhoHaveLess() throws Exception {
        memory.take(greedy, 600, LONG);
        memory.take(greedy, 400, LONG);
        List<String> order = new CopyOnWriteArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = clients.submit(() -> asks(greedy, "greedy", order));
            Await.until("one waits", Await.LONGEST, () -> memory.waiting() == 1);
            Future<?> second = clients.submit(() -> asks(modest, "modest", order));
            Await.until("two wait", Await.LONGEST, () -> memory.waiting() == 2);
            memory.giveBack(greedy, 400);
            second.get(60, TimeUnit.SECONDS);
            assertThat(order).containsExactly("modest");
            memory.giveBack(modest, 400);
            first.get(60, TimeUnit.SECONDS);
        }
        assertThat(order).containsExactly("modest", "greedy");
    }

    @Test
    void aClientThatIsAloneMayHaveAll() throws Exception {
        assertThat(memory.take(greedy, 600, Duration.ZERO)).isTrue();
        assertThat(memory.take(greedy, 400, Duration.ZERO)).isTrue();
        assertThat(memory.take(modest, 1, Duration.ZERO)).isFalse();
        memory.giveBack(greedy, 600);
        assertThat(memory.take(modest, 600, Duration.ZERO)).isTrue();
    }

    @Test
    void moreThanTheWholeIsTheWhole() throws Exception {
        assertThat(memory.take(greedy, 5000, Duration.ZERO)).isTrue();
        assertThat(memory.take(modest, 1, Duration.ZERO)).isFalse();
        memory.giveBack(greedy, 5000);
        assertThat(memory.take(modest, 1000, Duration.ZERO)).isTrue();
    }

    @Test
    void whoIsSlowGivesWayOnlyToThoseWhoWantIt() throws Exception {
        memory.take(greedy, 1000, LONG);
        nanos.set(TimeUnit.SECONDS.toNanos(100));
        assertThat(memory.mustGiveWay(1000, 1, 0)).isFalse();
        assertThat(memory.take(modest, 1, Duration.ZERO)).isFalse();
        assertThat(memory.mustGiveWay(1000, 1, 0)).isTrue();
        nanos.set(TimeUnit.SECONDS.toNanos(200));
        assertThat(memory.mustGiveWay(1000, 1, 0)).as("nobody came back").isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1200, 0, 10, false", "1200, 0, 11, true", "1200, 10, 11, false", "1200, 599, 70, true", "1200, 600, 70, false"})
    void aShareIsToBeFilledAtAnEvenPaceAfterAGrace(long shared, long received, long seconds, boolean tooSlow) {
        assertThat(UploadMemory.isTooSlow(shared, received, TimeUnit.SECONDS.toNanos(seconds))).isEqualTo(tooSlow);
    }

    private Void asks(InetAddress client, String name, List<String> order) throws InterruptedException {
        if (memory.take(client, 400, LONG)) order.add(name);
        return null;
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
