package dev.kelpfs.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.Surroundings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final FakeWorld world = new FakeWorld();
    private long nowNanos;

    private void work(int steps, Duration step) {
        Surroundings given = world.surroundings();
        Surroundings timed = new Surroundings(
                given.environment(), given.in(), given.out(), given.err(), given.terminals(), given.files(), given.disk(),
                given.clock(), () -> nowNanos, given.random(), given.home(), given.temporaryDirectory(), given.detectedHost(),
                given.signals());
        try (Progress progress = new Progress(timed, "copying 7", Progress.Unit.BYTES, 4L << 20)) {
            for (int i = 1; i <= steps; i++) {
                nowNanos += step.toNanos();
                progress.reached((long) i << 20);
            }
        }
    }

    @Test
    void aTerminalSeesOneLineThatIsErasedAtTheEnd() {
        world.onTerminal = true;
        work(3, Duration.ofSeconds(1));
        assertThat(world.err()).isEqualTo(
                "\r\u001b[Kcopying 7: 1.0 MiB of 4.0 MiB, 25 %, 1.0 MiB/s, 0:03 left"
                        + "\r\u001b[Kcopying 7: 2.0 MiB of 4.0 MiB, 50 %, 1.0 MiB/s, 0:02 left"
                        + "\r\u001b[Kcopying 7: 3.0 MiB of 4.0 MiB, 75 %, 1.0 MiB/s, 0:01 left\r\u001b[K");
    }

    @Test
    void shortWorkAndPipesSeeNothing() {
        world.onTerminal = true;
        work(4, Duration.ofMillis(100));
        world.onTerminal = false;
        work(4, Duration.ofSeconds(1));
        assertThat(world.err()).isEmpty();
        assertThat(world.out()).isEmpty();
    }

    @Test
    void anUnknownTotalIsLeftOut() {
        assertThat(ProgressText.of("looking", 500, 0, Progress.Unit.ITEMS, Duration.ofSeconds(10)))
                .isEqualTo("looking: 500, 50/s");
    }
}
