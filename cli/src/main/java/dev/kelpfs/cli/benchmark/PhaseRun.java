package dev.kelpfs.cli.benchmark;

import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.cli.progress.Progress;
import dev.kelpfs.cli.tool.OutputForm;
import dev.kelpfs.cli.tool.ToolRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/** Runs the workers of one phase, tells every second how far they are, and reports in the end. Used once, by one thread. */
final class PhaseRun {
    private static final int MOST_FAILURES_PRINTED = 100;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Surroundings world;
    private final ToolRun tool;
    private final BenchmarkPlan plan;
    private final OutputForm form;
    private final LongAdder failuresSeen = new LongAdder();

    PhaseRun(Invocation invocation, ToolRun tool, BenchmarkPlan plan, OutputForm form) {
        this.world = invocation.surroundings();
        this.tool = tool;
        this.plan = plan;
        this.form = form;
    }

    /** What each worker does until there is nothing left. */
    @FunctionalInterface
    interface Worker {
        void work() throws IOException, InterruptedException;
    }

    Surroundings world() {
        return world;
    }

    /** Prints the first failures; the tally counts them all. Any thread. */
    void failed(String what, IOException reason) {
        failuresSeen.increment();
        if (failuresSeen.sum() <= MOST_FAILURES_PRINTED) tool.say(what + " failed: " + reason.getMessage());
    }

    /** Prints an id, when somebody wants to see each. Any thread. */
    void seen(String id) {
        if (plan.showIds()) world.err().println(id);
    }

    PhaseReport run(String title, Tally tally, Worker worker) throws IOException {
        if (form == OutputForm.TEXT) world.out().println(PhaseReport.heading(title));
        long startNanos = world.ticker().nanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Progress progress = new Progress(world, title, Progress.Unit.ITEMS, tally.total())) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < plan.concurrency(); i++) {
                workers.add(threads.submit(() -> {
                    worker.work();
                    return null;
                }));
            }
            await(workers, tally, progress);
        }
        Duration elapsed = world.ticker().since(startNanos);
        PhaseReport report = new PhaseReport(title, plan.concurrency(), elapsed.toNanos() / NANOS_PER_SECOND,
                tally.completedCount(), tally.failedCount(), tally.bytes(), tally.latencies.summary());
        if (form == OutputForm.TEXT) world.out().print(report.text());
        world.out().flush();
        return report;
    }

    private void await(List<Future<?>> workers, Tally tally, Progress progress) throws IOException {
        long lineNanos = world.ticker().nanos();
        long lineCompleted = 0;
        long lineBytes = 0;
        for (Future<?> worker : workers) {
            while (true) {
                long left = TimeUnit.SECONDS.toNanos(1) - world.ticker().since(lineNanos).toNanos();
                try {
                    worker.get(Math.max(1, left), TimeUnit.NANOSECONDS);
                    break;
                } catch (TimeoutException stillAtWork) {
                    double seconds = world.ticker().since(lineNanos).toNanos() / NANOS_PER_SECOND;
                    long completed = tally.completedCount();
                    long bytes = tally.bytes();
                    tell(progress, PhaseReport.rateLine(completed, tally.total(),
                            (completed - lineCompleted) / seconds, (bytes - lineBytes) / seconds), completed);
                    lineNanos = world.ticker().nanos();
                    lineCompleted = completed;
                    lineBytes = bytes;
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    workers.forEach(other -> other.cancel(true));
                    throw new IOException("the benchmark was interrupted", interrupted);
                } catch (ExecutionException failed) {
                    workers.forEach(other -> other.cancel(true));
                    throw new IOException("a worker stopped: " + failed.getCause(), failed.getCause());
                }
            }
        }
    }

    /** The lines belong to the report that scripts know; with JSON a terminal still sees how far it is. */
    private void tell(Progress progress, String line, long completed) {
        if (form == OutputForm.TEXT) world.out().println(line);
        else progress.reached(completed);
    }
}
