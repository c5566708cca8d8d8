package dev.kelpfs.master.simulation;

import dev.kelpfs.core.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A machine with one process on it, which dies and is started again. Its clocks go on meanwhile. */
final class Machine {
    final String name;
    final ServerAddress address;
    /** So fast goes its monotonic clock. */
    final double rate;
    final long bootNanos;
    /** By so much its wall clock is wrong. */
    Duration wallOffset = Duration.ZERO;
    /** The process that runs now. */
    @Nullable Life life;
    /** Without power: nothing answers, not even with a refusal. */
    boolean vanished;
    /** Since when it has no process; meaningless while it has. */
    long deadSinceNanos;
    /** When something last went wrong with it, or was mended; a fault that lasts counts at its end too. */
    private long troubledNanos;

    private final List<SimulatedCall<?, ?>> unanswered = new ArrayList<>();

    Machine(String name, int port, double rate, long bootNanos) {
        this.name = name;
        this.address = new ServerAddress(name, port, port + ServerAddress.GRPC_PORT_DISTANCE);
        this.rate = rate;
        this.bootNanos = bootNanos;
    }

    boolean isUp() {
        return life != null;
    }

    void troubled(long nowNanos) {
        troubledNanos = nowNanos;
    }

    /** It runs, and nothing went wrong with it for so long. */
    boolean isCalm(long nowNanos, long forNanos) {
        Life now = life;
        return now != null && !now.isPaused() && nowNanos - troubledNanos > forNanos;
    }

    /**
     * Ends the process.
     *
     * @param withPower the machine lives on, so that the other sides learn it at once
     */
    void kill(boolean withPower, long nowNanos) {
        Life last = life;
        if (last == null) return;
        List<SimulatedCall<?, ?>> cut = last.die();
        life = null;
        deadSinceNanos = nowNanos;
        troubled(nowNanos);
        if (withPower) {
            cut.forEach(call -> call.resetBy(this));
        } else {
            vanished = true;
            unanswered.addAll(cut);
        }
    }

    /** Begins a life. What the last one left open is refused now. */
    void revive(Life next) {
        vanished = false;
        life = next;
        unanswered.forEach(call -> call.resetBy(this));
        unanswered.clear();
    }

    @Override
    public String toString() {
        return name;
    }
}
