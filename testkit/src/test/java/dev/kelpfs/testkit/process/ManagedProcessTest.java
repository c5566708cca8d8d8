package dev.kelpfs.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDirectories.class)
class ManagedProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern READY = Pattern.compile("^ready$");

    @Test
    void seesLinesOfThisStartOnlyAndTheExitCode(TestDirectory directory) throws Exception {
        ProcessPlan plan = shell(directory, "echo $GREETING; exit 3");
        try (ManagedProcess first = ManagedProcess.start(plan.withEnvironment("GREETING", "first"))) {
            assertThat(first.awaitLine(Pattern.compile("f.rst"), LIMIT)).isEqualTo("first");
            assertThat(first.awaitExit(LIMIT)).isEqualTo(3);
        }
        try (ManagedProcess second = ManagedProcess.start(plan.withEnvironment("GREETING", "second"))) {
            second.awaitLine(Pattern.compile("second"), LIMIT);
            assertThat(second.log().find(Pattern.compile("first"))).isEmpty();
            assertThat(second.log().tail()).isEqualTo("second\n");
        }
        assertThat(Files.readString(plan.log())).isEqualTo("first\nsecond\n");
    }

    @Test
    void aProcessThatEndsTooEarlyFailsTheWaitWithItsLog(TestDirectory directory) {
        try (ManagedProcess process = ManagedProcess.start(shell(directory, "echo no such port; exit 255"))) {
            assertThatThrownBy(() -> process.awaitLine(READY, LIMIT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("exit code 255")
                    .hasMessageContaining("no such port");
        }
    }

    @Test
    void termGivesTheProgramItsLastWordAndKillDoesNot(TestDirectory directory) throws Exception {
        String script = "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done";
        try (ManagedProcess process = ManagedProcess.start(shell(directory, script))) {
            process.awaitLine(READY, LIMIT);
            assertThat(process.stop(LIMIT)).isEqualTo(7);
            assertThat(process.log().find(Pattern.compile("bye"))).isPresent();
        }
        try (ManagedProcess process = ManagedProcess.start(shell(directory, script))) {
            process.awaitLine(READY, LIMIT);
            process.kill();
            assertThat(process.isAlive()).isFalse();
            assertThat(process.awaitExit(LIMIT)).isEqualTo(128 + 9);
            assertThat(process.log().find(Pattern.compile("bye"))).isEmpty();
            assertThatThrownBy(() -> process.signal(Signal.CONT)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aStoppedProcessStandsStillUntilContinued(TestDirectory directory) throws Exception {
        Path ticks = directory.resolve("ticks");
        String script = "while :; do echo x >> ticks; sleep 0.005; done";
        try (ManagedProcess process = ManagedProcess.start(shell(directory, script))) {
            Await.until("it ticks", LIMIT, () -> Files.size(ticks) > 0);
            process.signal(Signal.STOP);
            Await.until("the kernel has stopped it", LIMIT, () -> state(process) == 'T');
            long stopped = Files.size(ticks);
            assertThat(process.isAlive()).isTrue();
            process.signal(Signal.CONT);
            Await.until("it ticks again", LIMIT, () -> Files.size(ticks) > stopped);
        }
    }

    @Test
    void knowsMemoryAndProcessorTime(TestDirectory directory) throws Exception {
        try (ManagedProcess process = ManagedProcess.start(shell(directory, "while :; do :; done"))) {
            Await.until("it has used the processor", LIMIT, () -> process.status().processorTime().toMillis() >= 50);
            ProcessStatus status = process.status();
            assertThat(status.residentBytes()).isBetween(100L * 1024, 1L << 30);
            assertThat(status.peakResidentBytes()).isGreaterThanOrEqualTo(status.residentBytes());
        }
    }

    @Test
    void closeTakesChildrenAlong(TestDirectory directory) throws Exception {
        ManagedProcess process = ManagedProcess.start(shell(directory, "sleep 1000 & echo $! > child; echo ready; wait"));
        process.awaitLine(READY, LIMIT);
        long child = Long.parseLong(Files.readString(directory.resolve("child")).trim());
        assertThat(ProcessHandle.of(child)).isPresent();
        process.close();
        Await.until("the child is gone", LIMIT, () -> ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false) == false);
    }

    private static char state(ManagedProcess process) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    private static ProcessPlan shell(TestDirectory directory, String script) {
        return ProcessPlan.of("script", directory.path(), List.of("/bin/sh", "-c", script));
    }
}
