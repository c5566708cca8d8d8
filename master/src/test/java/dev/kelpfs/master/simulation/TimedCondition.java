package dev.kelpfs.master.simulation;

import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** A condition whose timed waits end by the clock of a process. A wait may end early, as that of any condition may. */
final class TimedCondition implements Condition {
    private final Lock lock;
    private final Life life;
    private final Condition condition;

    TimedCondition(Lock lock, Life life) {
        this.lock = lock;
        this.life = life;
        this.condition = lock.newCondition();
    }

    @Override
    public void await() throws InterruptedException {
        condition.await();
    }

    @Override
    public void awaitUninterruptibly() {
        condition.awaitUninterruptibly();
    }

    @Override
    public long awaitNanos(long nanos) throws InterruptedException {
        long end = life.nanos() + nanos;
        if (nanos > 0) {
            VirtualTime.Timer timer = life.after(Duration.ofNanos(nanos + 1), this::wakeAll);
            try {
                condition.await();
            } finally {
                timer.cancel();
            }
        }
        return end - life.nanos();
    }

    private void wakeAll() {
        lock.lock();
        try {
            condition.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return awaitNanos(unit.toNanos(time)) > 0;
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return await(deadline.toInstant().toEpochMilli() - life.instant().toEpochMilli(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void signal() {
        condition.signal();
    }

    @Override
    public void signalAll() {
        condition.signalAll();
    }
}
