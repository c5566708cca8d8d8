package dev.kelpfs.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.flags.CommandLine;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.flags.FlagValues;
import dev.kelpfs.flags.Parsing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The index kinds of the reference are accepted; whoever asks for another than memory is told that memory it is. */
class IndexKindTest {
    private final FakeWorld world = new FakeWorld();
    private final Configuration configuration = Configuration.of(Map.of());
    private final Logger logger = (Logger) LoggerFactory.getLogger(VolumeCommand.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
    }

    private Invocation invocation(Command command, String... arguments) {
        Parsing read = new CommandLine(command.flags(), Map.of(), world.surroundings().files()).read(List.of(arguments));
        assertThat(read).isInstanceOf(Parsing.Parsed.class);
        FlagValues global = FlagValues.defaults(FlagTable.global(List.of()));
        return new Invocation(global, ((Parsing.Parsed) read).values(), List.of(), world.surroundings());
    }

    private void startVolume(String... arguments) throws StartException {
        VolumeCommand.config(invocation(new VolumeCommand(), arguments), configuration);
    }

    private void startServer(String... arguments) throws StartException {
        assertThat(new ServerSettings(invocation(new ServerCommand(), arguments), configuration).volume()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"leveldb", "leveldbMedium", "leveldbLarge"})
    void anotherKindIsAcceptedAndSaidToBeInMemory(String kind) throws StartException {
        startVolume("-dir=/a", "-index=" + kind);
        startServer("-dir=/a", "-volume.index=" + kind);
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly(
                "-index=" + kind + ": indexes live in memory in this release",
                "-volume.index=" + kind + ": indexes live in memory in this release");
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsOnly(Level.WARN);
    }

    @Test
    void memoryIsNothingToTalkAbout() throws StartException {
        startVolume("-dir=/a", "-index=memory");
        startVolume("-dir=/a");
        startServer("-dir=/a");
        assertThat(log.list).isEmpty();
    }

    @Test
    void whatIsNoKindIsRefused() {
        assertThatThrownBy(() -> startVolume("-dir=/a", "-index=tape")).isInstanceOf(StartException.class)
                .hasMessage("-index must be one of memory, leveldb, leveldbMedium, leveldbLarge, got \"tape\"");
        assertThatThrownBy(() -> startServer("-dir=/a", "-volume.index=")).isInstanceOf(StartException.class)
                .hasMessageContaining("-volume.index must be one of");
        assertThat(log.list).isEmpty();
    }
}
