package dev.kelpfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.command.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeedTest {
    private final FakeWorld world = new FakeWorld();

    private ExitCode run(String... arguments) {
        return new Weed(Commands.all(), world.surroundings()).run(List.of(arguments));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-h", "--help", "-v=1"})
    void withoutASubCommandItShowsTheListAndTheGlobalFlags(String argument) {
        ExitCode code = argument.isEmpty() ? run() : run(argument);
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(world.out()).isEmpty();
        assertThat(world.err()).contains("    server  ", "    filer  ", "-logtostderr", "-config_dir string", "-options");
    }

    @Test
    void helpListsTheCommandsOnStdout() {
        assertThat(run("help")).isEqualTo(ExitCode.OK);
        assertThat(world.out()).contains("    server  ", "    mq.kafka.gateway  ").doesNotContain("-logtostderr");
        assertThat(world.err()).isEmpty();
    }

    @Test
    void helpOfACommandPutsTextOnStdoutAndFlagsOnStderr() {
        assertThat(run("help", "volume")).isEqualTo(ExitCode.OK);
        assertThat(world.out()).startsWith("Usage: weed volume ");
        assertThat(world.err()).startsWith("  -compactionMBps int\n").contains("  -max string\n").doesNotContain("-options");
    }

    @Test
    void wrongHelpTopicsAreNamed() {
        for (String[] line : List.of(new String[] {"help", "volumes"}, new String[] {"help", "help"},
                new String[] {"help", "volume", "master"})) {
            assertThat(run(line)).isEqualTo(ExitCode.USAGE);
        }
        assertThat(world.err()).contains("\"volumes\"", "\"help\"", "\"volume master\"");
        assertThat(world.out()).isEmpty();
    }

    @Test
    void anUnknownSubCommandNamesTheNearest() {
        assertThat(run("sever")).isEqualTo(ExitCode.USAGE);
        assertThat(world.err()).startsWith("weed: unknown subcommand \"sever\"\n").contains("Did you mean server?", "weed help");
    }

    @Test
    void everyOtherSubCommandOfTheReferenceIsKnown() {
        for (String name : List.of("filer", "mini", "admin", "worker", "s3", "iam", "webdav", "sftp", "mount",
                "fuse", "mq.broker", "mq.agent", "mq.kafka.gateway", "filer.copy",
                "filer.cat", "filer.meta.tail", "filer.meta.scan", "backup", "filer.backup", "filer.meta.backup", "filer.sync",
                "filer.sync.verify", "filer.remote.sync", "filer.remote.gateway", "filer.replicate", "update")) {
            FakeWorld fresh = new FakeWorld();
            ExitCode code = new Weed(Commands.all(), fresh.surroundings()).run(List.of(name, "-any=1"));
            assertThat(code).as(name).isEqualTo(ExitCode.USAGE);
            assertThat(fresh.err()).startsWith("weed " + name + " is not built yet");
        }
    }

    @Test
    void aWrongFlagBringsTheMessageFirstThenExampleFlagsAndDescription() {
        assertThat(run("server", "-volume.prot=1")).isEqualTo(ExitCode.USAGE);
        assertThat(world.err()).startsWith(
                "flag provided but not defined: -volume.prot\ndid you mean -volume.port?\nExample: weed server ");
        assertThat(world.err()).containsSubsequence("Default Usage:", "  -volume.port int", "Description:");
        assertThat(world.err()).endsWith("weed: flag provided but not defined: -volume.prot; did you mean -volume.port?\n");
    }

    @Test
    void helpOfACommandByFlagIsAUsageError() {
        assertThat(run("master", "-h")).isEqualTo(ExitCode.USAGE);
        assertThat(world.err()).startsWith("Example: weed master ").contains("  -options string");
        assertThat(world.out()).isEmpty();
    }

    @Test
    void globalFlagsStandInFrontOfTheSubCommandOnly() {
        assertThat(run("-v=1", "version")).isEqualTo(ExitCode.OK);
        assertThat(run("version", "-v=1")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aGlobalFlagThatMakesNoSenseIsAUsageError() {
        assertThat(run("-stderrthreshold=LOUD", "version")).isEqualTo(ExitCode.USAGE);
        assertThat(run("-vmodule=Topology", "version")).isEqualTo(ExitCode.USAGE);
        assertThat(run("-log_max_files=0", "version")).isEqualTo(ExitCode.USAGE);
        assertThat(world.err()).contains("-stderrthreshold must be", "-vmodule takes", "-log_max_files must be");
    }

    @Test
    void versionIsOneLineForScriptsWithTwoBlanksForTheUnknownCommit() {
        assertThat(run("version")).isEqualTo(ExitCode.OK);
        assertThat(world.out()).matches("version 30GB 4\\.44  [a-z]+ [a-z0-9]+\n");
        assertThat(run("version", "please")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aStartThatFailsIsOneFatalLine() {
        assertThat(run("master", "-port=70000")).isEqualTo(ExitCode.FATAL);
        assertThat(world.err()).matches("F\\d{4} [\\d:.]+ Weed\\.java:\\d+ -port must be 1 to 65535, got 70000\n");
    }

    @Test
    void withVerbosityItBringsItsStack() {
        assertThat(run("-v=1", "master", "-port=70000")).isEqualTo(ExitCode.FATAL);
        assertThat(world.err()).contains("got 70000\n", "\tat dev.kelpfs.cli.server.");
    }
}
