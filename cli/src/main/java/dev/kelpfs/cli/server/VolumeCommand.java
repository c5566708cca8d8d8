package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.volume.VolumeServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** {@code weed volume}. Source: command line, section 7.3. */
public final class VolumeCommand implements Command {
    private static final int MAX_IDLE_SECONDS = 1 << 24;

    private static final FlagTable FLAGS = FlagTable.of(Stream.of(
                    VolumeFlags.SHARED, VolumeFlags.ALONE, List.of(VolumeFlags.UNTRUSTED_ENDPOINTS), ProcessFlags.ALL)
            .flatMap(List<Flag>::stream)
            .toList());

    @Override
    public String name() {
        return "volume";
    }

    @Override
    public String example() {
        return "-port=8080 -dir=/data -max=8 -master=localhost:9333";
    }

    @Override
    public String summary() {
        return "store files in volumes";
    }

    @Override
    public String description() {
        return """
                The volume server keeps files in the volumes of one machine and serves them over HTTP. It reports to the
                masters, and serves what it has whether or not one of them answers.""";
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
        Configuration configuration = StartNotices.log(invocation, List.of("security", "volume"), Set.of("volume"));
        try (ServingProcess process = new ServingProcess(invocation.surroundings(), name())) {
            VolumeServerConfig config = config(invocation, configuration);
            process.startVolume(config);
            return process.awaitStop();
        }
    }

    static VolumeServerConfig config(Invocation invocation, Configuration configuration) throws StartException {
        ScopedFlags flags = new ScopedFlags(invocation.flags(), "");
        VolumeSettings settings = new VolumeSettings(flags, configuration);
        Directories directories = new Directories(invocation.surroundings());
        int metricsPort = flags.optionalPort("metricsPort");
        return settings.config(new VolumeSettings.Place(
                Hosts.of(invocation.flags(), invocation.surroundings().detectedHost()),
                masters(flags),
                directories.prepareAll("dir", flags.text("dir")),
                indexDirectory(settings, flags, directories),
                flags.text("dataCenter"),
                flags.text("rack"),
                metricsPort == 0 ? OptionalInt.empty() : OptionalInt.of(metricsPort),
                idle(flags),
                flags.text("whiteList"),
                settings.preStop()));
    }

    private static List<ServerAddress> masters(ScopedFlags flags) throws StartException {
        String older = flags.text("mserver");
        String flag = older.isEmpty() || flags.isGiven("master") ? "master" : "mserver";
        try {
            return ServerAddress.parseList(flags.text(flag));
        } catch (IllegalArgumentException wrong) {
            throw new StartException("-" + flag + ": " + wrong.getMessage(), wrong);
        }
    }

    /** {@code -dir.idx}; says so when another kind of index than the one in memory was asked for. */
    static Optional<Path> indexDirectory(VolumeSettings settings, ScopedFlags flags, Directories directories) throws StartException {
        Optional<String> notice = settings.indexNotice();
        // Not by a method reference: the line then names the library as the place that it comes from.
        if (notice.isPresent()) LoggerFactory.getLogger(VolumeCommand.class).warn(notice.get());
        String text = flags.text("dir.idx");
        return text.isEmpty() ? Optional.empty() : Optional.of(directories.prepare(flags.name("dir.idx"), text));
    }

    /** {@code -idleTimeout}. */
    static Duration idle(ScopedFlags flags) throws StartException {
        return Duration.ofSeconds(flags.integer("idleTimeout", 1, MAX_IDLE_SECONDS));
    }
}
