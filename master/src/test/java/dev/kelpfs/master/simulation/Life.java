package dev.kelpfs.master.simulation;

import dev.kelpfs.core.Ticker;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One life of a process: from its start to its death. It schedules the virtual threads of the process, and whatever these
 * start inherits that; so a pause stops all of them where they stand, as SIGSTOP does, and death leaves none of them a last
 * word, as SIGKILL does. It is also the clock of the process.
 */
final class Life implements Executor, Ticker, InstantSource {
    private static final Instant EPOCH = Instant.ofEpochSecond(1_800_000_000L);
    private static final MethodHandle NEW_THREAD = newThread();

    final Machine machine;
    final VirtualTime time;
    private final History history;
    private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    private final Set<SimulatedCall<?, ?>> calls = new LinkedHashSet<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean paused;
    private boolean dead;
    private int stepsUntilPause = -1;

    Life(Machine machine, VirtualTime time, History history) {
        this.machine = machine;
        this.time = time;
        this.history = history;
    }

    /** The JDK has no public way to say who schedules a virtual thread; its own tests use this one. */
    private static MethodHandle newThread() {
        try {
            Method method = Class.forName("java.lang.ThreadBuilders")
                    .getDeclaredMethod("newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        } catch (ReflectiveOperationException | RuntimeException other) {
            throw new IllegalStateException("the simulation schedules virtual threads itself, which this JDK does not allow;"
                    + " run it on JDK 25 with --add-opens java.base/java.lang=ALL-UNNAMED", other);
        }
    }

    /** Runs a task on a thread of its own. */
    void start(Runnable task) {
        if (dead) return;
        try {
            Thread thread = (Thread) NEW_THREAD.invokeExact((Executor) this, machine.name, 0, (Runnable) () -> {
                try {
                    task.run();
                } catch (RuntimeException | Error bug) {
                    history.bug(machine.name, bug);
                }
            });
            thread.start();
        } catch (RuntimeException | Error failed) {
            throw failed;
        } catch (Throwable unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    /** Runs a task on a thread of its own after a time of this process' clock. */
    VirtualTime.Timer after(Duration delay, Runnable task) {
        return time.after((long) (delay.toNanos() / machine.rate), () -> start(task));
    }

    /** Called by virtual threads of this process that can go on. */
    @Override
    public void execute(Runnable continuation) {
        if (!dead) time.ready(this, continuation);
    }

    void goOn(Runnable continuation) {
        if (stepsUntilPause >= 0 && stepsUntilPause-- == 0) paused = true;
        if (dead) return;
        if (paused) held.add(continuation);
        else continuation.run();
    }

    /** Pauses it between two steps of its threads, wherever they stand then. @param steps that it still does */
    void pauseAfter(int steps) {
        stepsUntilPause = steps;
        if (steps == 0) paused = true;
    }

    void resume() {
        stepsUntilPause = -1;
        paused = false;
        held.forEach(this::execute);
        held.clear();
    }

    boolean isPaused() {
        return paused;
    }

    boolean isDead() {
        return dead;
    }

    /** Nothing of it runs any more. Its connections are the business of the machine. */
    List<SimulatedCall<?, ?>> die() {
        dead = true;
        held.clear();
        List<SimulatedCall<?, ?>> cut = new ArrayList<>(calls);
        calls.clear();
        return cut;
    }

    List<SimulatedCall<?, ?>> openCalls() {
        return List.copyOf(calls);
    }

    void opened(SimulatedCall<?, ?> call) {
        calls.add(call);
    }

    void closed(SimulatedCall<?, ?> call) {
        calls.remove(call);
    }

    /** Has calls of a service answered. */
    void serve(ServerServiceDefinition service) {
        service.getMethods().forEach(method -> methods.put(method.getMethodDescriptor().getFullMethodName(), method));
    }

    @Nullable ServerMethodDefinition<?, ?> method(String fullName) {
        return methods.get(fullName);
    }

    @Override
    public long nanos() {
        return machine.bootNanos + (long) (time.nanos() * machine.rate);
    }

    @Override
    public Instant instant() {
        return EPOCH.plusNanos(time.nanos()).plus(machine.wallOffset);
    }

    @Override
    public void sleep(Duration length) throws InterruptedException {
        Thread sleeper = Thread.currentThread();
        long end = nanos() + length.toNanos();
        VirtualTime.Timer timer = time.after((long) (length.toNanos() / machine.rate) + 1, () -> LockSupport.unpark(sleeper));
        try {
            while (end - nanos() > 0) {
                if (Thread.interrupted()) throw new InterruptedException();
                LockSupport.park(this);
            }
        } finally {
            timer.cancel();
        }
    }

    @Override
    public Condition newCondition(Lock lock) {
        return new TimedCondition(lock, this);
    }
}
