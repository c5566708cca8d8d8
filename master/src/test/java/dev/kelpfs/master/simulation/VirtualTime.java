package dev.kelpfs.master.simulation;

import dev.kelpfs.testkit.Seed;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one time of a simulation. Whatever is ready runs, one thing after the other on one thread; then time jumps
 * to the next timer. Belongs to the thread that made it.
 */
final class VirtualTime {
    private record Ready(Life life, Runnable continuation) {}

    /** Something that happens at a moment, unless it is cancelled before. */
    static final class Timer implements Comparable<Timer> {
        private final long at;
        private final long number;
        private @Nullable Runnable action;

        private Timer(long at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }

        void cancel() {
            action = null;
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Queue<Ready> ready = new ConcurrentLinkedQueue<>();
    private final SplittableRandom order;
    private long nanos;
    private long timersMade;
    private long steps;
    private final Thread driver = Thread.currentThread();
    private volatile boolean disturbed;

    VirtualTime(Seed seed) {
        this.order = seed.random();
    }

    /** Nanoseconds since the simulation began. */
    long nanos() {
        return nanos;
    }

    /** How much happened so far. */
    long steps() {
        return steps;
    }

    Timer after(long delayNanos, Runnable action) {
        Timer timer = new Timer(nanos + Math.max(0, delayNanos), timersMade++, action);
        timers.add(timer);
        return timer;
    }

    /** A thread of {@code life} can go on. */
    void ready(Life life, Runnable continuation) {
        Thread waker = Thread.currentThread();
        if (!waker.isVirtual() && waker != driver) disturbed = true;
        ready.add(new Ready(life, continuation));
    }

    /**
     * A thread from outside woke one of these, as the threads of the JDK do that look after references: somewhere in a
     * library both wanted a lock. When that happens is chance, so the run is none that its seed describes.
     */
    boolean wasDisturbed() {
        return disturbed;
    }

    /**
     * Lets everything happen until a moment.
     *
     * @param afterEach asked after every event; false ends the simulation
     */
    void runUntil(long end, BooleanSupplier afterEach) {
        while (true) {
            settle();
            if (!afterEach.getAsBoolean()) return;
            Timer next = timers.peek();
            if (next == null || next.at > end) break;
            timers.poll();
            Runnable action = next.action;
            if (action == null) continue;
            nanos = next.at;
            steps++;
            action.run();
        }
        nanos = end;
    }

    private void settle() {
        Ready next = ready.poll();
        while (next != null) {
            steps++;
            // Which of several threads goes on first is nobody's promise.
            if (!ready.isEmpty() && order.nextInt(4) == 0) ready.add(next);
            else next.life.goOn(next.continuation);
            next = ready.poll();
        }
    }
}
