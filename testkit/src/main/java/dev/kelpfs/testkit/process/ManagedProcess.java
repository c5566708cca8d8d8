package dev.kelpfs.testkit.process;

import dev.kelpfs.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A running process. {@link #close()} kills it without mercy, and so does the end of this JVM, so that no test leaves
 * anything behind. Safe for use by several threads.
 */
public final class ManagedProcess implements AutoCloseable {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(ManagedProcess::killTree), "kill-tests-processes"));
    }

    private final ProcessPlan plan;
    private final Process process;
    private final ProcessLog log;

    private ManagedProcess(ProcessPlan plan, Process process, ProcessLog log) {
        this.plan = plan;
        this.process = process;
        this.log = log;
    }

    /** Starts the plan; its standard input is empty. */
    public static ManagedProcess start(ProcessPlan plan) {
        ProcessBuilder builder = new ProcessBuilder(plan.command())
                .directory(plan.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log().toFile()));
        builder.environment().putAll(plan.environment());
        ProcessLog log = ProcessLog.fromEndOf(plan.log());
        try {
            Process process = builder.start();
            RUNNING.add(process);
            process.onExit().thenAccept(RUNNING::remove);
            return new ManagedProcess(plan, process, log);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot start " + plan.name() + " as " + plan.command(), failed);
        }
    }

    /** What was started. */
    public ProcessPlan plan() {
        return plan;
    }

    /** Id of the process; that of the program itself if a script ended in {@code exec}. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs; a stopped (SIGSTOP) process does. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written since this start. */
    public ProcessLog log() {
        return log;
    }

    /** Memory and processor time of now. @throws IOException if it has exited */
    public ProcessStatus status() throws IOException {
        return ProcessStatus.read(pid());
    }

    /** Sends a signal. @throws IllegalStateException if it has exited */
    public void signal(Signal signal) {
        if (!isAlive()) throw new IllegalStateException(describe("no SIG" + signal + " for it"));
        signal.send(pid());
    }

    /** SIGKILL, and waits until the process is gone: what it had not handed to the kernel is lost. */
    public void kill() throws InterruptedException {
        killTree(process);
        awaitExit(KILL_LIMIT);
    }

    /** SIGTERM, and waits for the orderly end. @return the exit code */
    public int stop(Duration limit) throws InterruptedException {
        signal(Signal.TERM);
        return awaitExit(limit);
    }

    /**
     * Waits for the process to end by itself.
     *
     * @return its exit code; 128 + number of the signal if one ended it
     * @throws AssertionError if it still runs after {@code limit}
     */
    public int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(describe("did not end within " + limit.toMillis() + " ms"));
        }
        return process.exitValue();
    }

    /** Waits for a line of the log (since this start) in which the pattern is found. @return that line */
    public String awaitLine(Pattern pattern, Duration limit) throws InterruptedException {
        awaitUntil("it logs " + pattern, limit, () -> log.find(pattern).isPresent());
        return log.find(pattern).orElseThrow();
    }

    /** Waits for a condition, and fails at once, with the end of the log, if the process ends before it holds. */
    public void awaitUntil(String what, Duration limit, Callable<Boolean> condition) throws InterruptedException {
        boolean[] held = new boolean[1];
        try {
            Await.until(what, limit, () -> {
                boolean alive = isAlive();
                held[0] = condition.call();
                return held[0] || !alive;
            });
        } catch (AssertionError tooLate) {
            throw new AssertionError(describe(tooLate.getMessage()), tooLate);
        }
        if (!held[0]) throw new AssertionError(describe("ended before " + what));
    }

    @Override
    public void close() {
        killTree(process);
        try {
            awaitExit(KILL_LIMIT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private String describe(String what) {
        String state = process.isAlive() ? "running as " + pid() : "exit code " + process.exitValue();
        return plan.name() + " (" + state + "): " + what + "\n--- end of " + plan.log() + "\n" + log.tail();
    }

    private static void killTree(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
