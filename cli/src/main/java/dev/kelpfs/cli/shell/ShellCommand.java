package dev.kelpfs.cli.shell;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.FlagNotices;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.cli.command.Terminals.Standard;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.core.config.ConfigurationLoader;
import dev.kelpfs.core.config.ConfigurationPlace;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.flags.FlagValues;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.shell.Shell;
import dev.kelpfs.shell.ShellOptions;
import dev.kelpfs.shell.ShellWorld;
import dev.kelpfs.shell.access.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code weed shell}. Source: command line, section 14. */
public final class ShellCommand implements Command {
    private static final String DEFAULT_MASTER = "localhost:9333";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final FlagTable FLAGS = FlagTable.of(List.of(
            Flag.text("master", "", "addresses of masters; empty for those of -cluster, else " + DEFAULT_MASTER),
            Flag.text("cluster", "", "name of a cluster in shell.toml; empty for the one that cluster.default names"),
            Flag.text("filerGroup", "", "group of the filers that commands are about"),
            Flag.text("filer", "", "address of a filer").later("commands that need a filer"),
            Flag.toggle("debug", false, "show log lines and the addresses that are used")));

    @Override
    public String name() {
        return "shell";
    }

    @Override
    public String example() {
        return "-master=localhost:9333";
    }

    @Override
    public String summary() {
        return "interactive administration";
    }

    @Override
    public String description() {
        return """
                At a terminal it shows a prompt, completes names by tab and keeps a history; "help" lists the commands.
                Otherwise it reads commands from stdin, one a line or with ; between them:

                    echo "lock; volume.vacuum -garbageThreshold=0.1; unlock" | weed shell

                A command that fails says why on stderr and does not stop those behind it. Ends with 0 if every command was
                done, else with 1. Each command looks for a master for half a minute.""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public boolean isQuiet() {
        return true;
    }

    @Override
    public ExitCode run(Invocation invocation) throws StartException {
        Surroundings world = invocation.surroundings();
        for (String notice : FlagNotices.of(invocation.flags())) world.err().println("weed shell: " + notice);
        List<ServerAddress> masters = masters(invocation);
        if (invocation.flags().isOn("debug")) world.err().println("masters: " + masters);
        boolean interactive = world.terminals().isTerminal(Standard.IN) && world.terminals().isTerminal(Standard.OUT);
        ShellOptions options = new ShellOptions(masters, invocation.flags().text("filerGroup"), PATIENCE);
        ShellWorld shellWorld = new ShellWorld(
                world.in(), world.out(), world.err(), interactive, world.temporaryDirectory().resolve("weed-shell"),
                world.detectedHost().get(), world.ticker(), Pause.sleeping());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RpcRuntime runtime = RpcRuntime.start(1, threads);
                RpcChannels channels = new RpcChannels(runtime)) {
            boolean done = new Shell(options, shellWorld, channels).run();
            // Who types has seen what failed.
            return done || interactive ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException failed) {
            throw new StartException("cannot read commands: " + failed.getMessage(), failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private static List<ServerAddress> masters(Invocation invocation) throws StartException {
        String given = invocation.flags().text("master");
        String text = given.isEmpty() ? configured(invocation) : given;
        try {
            List<ServerAddress> masters = ServerAddress.parseList(text);
            if (masters.isEmpty()) throw new StartException("-master names no master, got \"" + text + "\"");
            return masters;
        } catch (IllegalArgumentException wrong) {
            throw new StartException("-master: " + wrong.getMessage(), wrong);
        }
    }

    private static String configured(Invocation invocation) throws StartException {
        FlagValues flags = invocation.flags();
        Surroundings world = invocation.surroundings();
        ConfigurationPlace place = ConfigurationPlace.of(invocation.global().text("config_dir"), world.home());
        Configuration configuration =
                new ConfigurationLoader(place, world.files(), world.environment()).load(List.of("shell"));
        for (String warning : configuration.warnings()) world.err().println("weed shell: " + warning);
        String cluster = flags.text("cluster").isEmpty() ? configuration.text("cluster.default", "") : flags.text("cluster");
        if (cluster.isEmpty()) return DEFAULT_MASTER;
        String key = "cluster." + cluster + ".master";
        String masters = configuration.text(key, "");
        if (masters.isEmpty()) {
            throw new StartException("shell.toml has no " + key + "; add it, or name the masters with -master");
        }
        return masters;
    }
}
