package dev.kelpfs.master.simulation;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A thread for every task, scheduled as the thread that hands the task in. The executors of the JDK share locks with its
 * threads for references, which know nothing of a simulation.
 */
final class ThreadsOfLife extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
        Thread.ofVirtual().start(task);
    }

    /** Processes of a simulation end by dying. */
    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
