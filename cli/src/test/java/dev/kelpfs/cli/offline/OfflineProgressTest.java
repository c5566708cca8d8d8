package dev.kelpfs.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who watches sees how far a tool is; a pipe gets the output alone. */
class OfflineProgressTest {
    private static final String START_OF_EMPTY_LINE = "\r\u001b[K";

    /** Runs a tool for which a second passes with every look at the clock. */
    private static FakeWorld run(boolean onTerminal, String commandLine) throws IOException {
        FakeWorld world = new FakeWorld();
        VolumesOnDisk.load(world, "plain", "plain_12");
        AtomicLong nanos = new AtomicLong();
        world.ticker = () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        world.onTerminal = onTerminal;
        assertThat(world.run(commandLine.split(" "))).as(commandLine).isEqualTo(ExitCode.OK);
        return world;
    }

    @ParameterizedTest
    @CsvSource({
        "fix /data,fixing plain_12: ,of 142.3 KiB",
        "fix -o=json /data,fixing plain_12: ,of 142.3 KiB",
        "compact -dir=/data -collection=plain -volumeId=12,compacting plain_12: ,of 1",
        "compact -dir=/data -collection=plain -volumeId=12 -commit -o=json,compacting plain_12: ,of 1",
        "export -dir=/data -collection=plain -volumeId=12 -o=/data/x.tar,exporting plain_12: 10,of 51",
        "export -dir=/data -collection=plain -volumeId=12 -o=-,exporting plain_12: 10,of 51"})
    void aTerminalSeesALineThatGoesAgainAndAPipeDoesNot(String commandLine, String start, String total) throws IOException {
        String shown = run(true, commandLine).err();
        List<String> states = Arrays.stream(shown.split("\r\u001b\\[K", -1)).filter(state -> !state.isEmpty()).toList();
        assertThat(shown).startsWith(START_OF_EMPTY_LINE).endsWith(START_OF_EMPTY_LINE).doesNotContain("\n");
        assertThat(states).isNotEmpty().anyMatch(state -> state.startsWith(start)).allMatch(state -> state.contains(total));
        FakeWorld piped = run(false, commandLine);
        assertThat(piped.err()).isEmpty();
        assertThat(piped.out().contains(START_OF_EMPTY_LINE)).as("progress in the output").isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "export -dir=/data -collection=plain -volumeId=12",
        "export -dir=/data -collection=plain -volumeId=12 -o=json"})
    void aListIsItsOwnProgress(String commandLine) throws IOException {
        assertThat(run(true, commandLine).err()).isEmpty();
    }
}
