package dev.kelpfs.testkit.net;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The switch of one direction, asked by the pumps of all its connections. */
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock. */
    private Flow flow = Flow.PASS;

    void set(Flow next) {
        lock.lock();
        try {
            flow = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits while the direction is stalled. @return {@link Flow#PASS} or {@link Flow#DROP} */
    Flow awaitDecision() throws InterruptedException {
        lock.lock();
        try {
            while (flow == Flow.STALL) changed.await();
            return flow;
        } finally {
            lock.unlock();
        }
    }
}
