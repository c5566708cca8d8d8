package dev.kelpfs.testkit;

import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Waits for conditions instead of sleeping: as short as possible, and never longer than a stated limit. */
public final class Await {
    /** The longest limit that a test may ask for. */
    public static final Duration LONGEST = Duration.ofSeconds(60);

    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    private Await() {}

    /**
     * Returns as soon as {@code condition} is true. A condition that throws counts as false; the last exception
     * becomes the cause of the failure.
     *
     * @param what what is awaited, for the message: "the server answers on 10080"
     * @throws AssertionError if the limit passed first
     * @throws IllegalArgumentException if the limit is longer than {@link #LONGEST}
     */
    public static void until(String what, Duration limit, Callable<Boolean> condition) throws InterruptedException {
        value(what, limit, () -> condition.call() ? Optional.of(true) : Optional.empty());
    }

    /** As {@link #until}, but for something that comes with a value once it is there. */
    public static <T> T value(String what, Duration limit, Callable<Optional<T>> probe) throws InterruptedException {
        if (limit.compareTo(LONGEST) > 0) throw new IllegalArgumentException(limit + " is longer than " + LONGEST);
        Ticker ticker = Ticker.system();
        long start = ticker.nanos();
        long pauseMillis = FIRST_PAUSE_MILLIS;
        @Nullable Exception last = null;
        do {
            try {
                Optional<T> found = probe.call();
                if (found.isPresent()) return found.get();
                last = null;
            } catch (InterruptedException interrupted) {
                throw interrupted;
            } catch (Exception notYet) {
                last = notYet;
            }
            Thread.sleep(pauseMillis);
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        } while (ticker.since(start).compareTo(limit) < 0);
        String detail = last == null ? "" : ", the last try ended in " + last;
        throw new AssertionError("gave up after " + limit.toMillis() + " ms waiting until " + what + detail, last);
    }
}
