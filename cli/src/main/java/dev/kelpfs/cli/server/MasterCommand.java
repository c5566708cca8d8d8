package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.master.MasterConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** {@code weed master}. Source: command line, section 7.1. */
public final class MasterCommand implements Command {
    private static final FlagTable FLAGS = FlagTable.of(
            Stream.of(MasterFlags.SHARED, MasterFlags.ALONE, ProcessFlags.ALL).flatMap(List<Flag>::stream).toList());

    @Override
    public String name() {
        return "master";
    }

    @Override
    public String example() {
        return "-port=9333";
    }

    @Override
    public String summary() {
        return "coordinate a cluster: give out file ids, know where volumes are";
    }

    @Override
    public String description() {
        return """
                The master knows which volume servers there are and what lies where, gives out file ids and has new volumes
                made. Clients ask it over HTTP and gRPC; volume servers report to it. Its state lies below -mdir and must
                survive restarts.""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void warmUp(Surroundings surroundings) {
        ServingProcess.warmUp(surroundings);
    }

    @Override
    public ExitCode run(Invocation invocation) throws StartException {
        Configuration configuration = StartNotices.log(invocation, List.of("security", "master"), Set.of("master"));
        try (ServingProcess process = new ServingProcess(invocation.surroundings(), name())) {
            MasterConfig config = config(invocation, configuration);
            process.startMaster(config);
            return process.awaitStop();
        }
    }

    static MasterConfig config(Invocation invocation, Configuration configuration) throws StartException {
        ScopedFlags flags = new ScopedFlags(invocation.flags(), "");
        int metricsPort = flags.optionalPort("metricsPort");
        Path directory = new Directories(invocation.surroundings())
                .prepare("mdir", configuration.text("master.mdir", flags.text("mdir")));
        return new MasterSettings(flags, configuration).config(
                Hosts.of(invocation.flags(), invocation.surroundings().detectedHost()),
                directory,
                metricsPort == 0 ? OptionalInt.empty() : OptionalInt.of(metricsPort),
                flags.text("whiteList"),
                !flags.isOn("disableHttp"));
    }
}
