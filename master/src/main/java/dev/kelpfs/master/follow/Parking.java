package dev.kelpfs.master.follow;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.follow.LeaderWatch.Leader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests to the leader, and keeps them while there is none: a short time when a leader was lost, longer after the
 * start, when there may never have been one. Safe for all threads; calls wait, so not for event loops.
 */
public final class Parking {
    private static final int MAX_WAITING = 1000;
    private static final Duration AFTER_A_LEADER = Duration.ofSeconds(2);
    private static final Duration AFTER_THE_START = Duration.ofSeconds(9);
    /** A leader that did not answer may be back before anybody else leads. */
    private static final Duration SAME_AGAIN = Duration.ofMillis(100);

    private final LeaderWatch watch;
    private final Outlook outlook;
    private final Ticker ticker;
    private final Semaphore places = new Semaphore(MAX_WAITING);

    /** Whether a leader may come, for requests that wait for one. Called by all threads, must not wait. */
    public interface Outlook {
        /** What keeps this master from taking part, for people; empty if nothing does. */
        String waitsFor();

        /** True if waiting leads to nothing before a person does something. */
        boolean isHopeless();
    }

    public Parking(LeaderWatch watch, Outlook outlook, Ticker ticker) {
        this.watch = watch;
        this.outlook = outlook;
        this.ticker = ticker;
    }

    /** One try at one leader. */
    @FunctionalInterface
    public interface Try<A> {
        /** @throws NotDoneException if the leader certainly did nothing, or doing it once more does no harm */
        A at(Leader leader) throws Exception;
    }

    /** A try that led to nothing and may be repeated. */
    public static final class NotDoneException extends Exception {
        private static final long serialVersionUID = 1L;

        public NotDoneException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** No leader did it in time. */
    public static final class NoLeaderException extends Exception {
        private static final long serialVersionUID = 1L;

        NoLeaderException(String reason) {
            super(reason);
        }
    }

    /** Tries at the leader, and at the next one, until one answers or the time is up. */
    public <A> A atLeader(Try<A> request) throws Exception {
        if (!places.tryAcquire()) throw new NoLeaderException(MAX_WAITING + " requests wait for a leader already; try again in a moment");
        try {
            return inTime(request);
        } finally {
            places.release();
        }
    }

    private <A> A inTime(Try<A> request) throws Exception {
        long start = ticker.nanos();
        Duration longest = watch.sawLeader() ? AFTER_A_LEADER : AFTER_THE_START;
        @Nullable Leader failed = null;
        String reason = "no leader is known";
        while (true) {
            if (outlook.isHopeless()) throw new NoLeaderException(outlook.waitsFor());
            Duration left = longest.minus(ticker.since(start));
            if (!left.isPositive()) throw new NoLeaderException(inTheEnd(reason));
            Duration wait = failed != null && left.compareTo(SAME_AGAIN) > 0 ? SAME_AGAIN : left;
            Optional<Leader> leader = watch.await(failed, wait);
            failed = null;
            if (leader.isEmpty()) continue;
            try {
                return request.at(leader.get());
            } catch (NotDoneException notDone) {
                failed = leader.get();
                reason = String.valueOf(notDone.getMessage());
            }
        }
    }

    private String inTheEnd(String reason) {
        String waitsFor = outlook.waitsFor();
        return reason + (waitsFor.isEmpty() ? "" : "; this master waits for " + waitsFor) + "; try again in a moment";
    }
}
