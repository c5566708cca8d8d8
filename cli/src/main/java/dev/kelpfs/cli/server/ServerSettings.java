package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.flags.FlagValues;
import dev.kelpfs.master.MasterConfig;
import dev.kelpfs.volume.VolumeServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The settings of both parts of {@code weed server}. Source: command line, section 9.1. */
final class ServerSettings {
    private final FlagValues flags;
    private final Configuration configuration;
    private final ScopedFlags common;
    private final ScopedFlags masterFlags;
    private final ScopedFlags volumeFlags;
    private final Directories directories;
    private final Hosts masterHosts;
    private final Hosts otherHosts;
    private final List<Path> dataDirectories;

    ServerSettings(Invocation invocation, Configuration configuration) throws StartException {
        this.flags = invocation.flags();
        this.configuration = configuration;
        this.common = new ScopedFlags(flags, "");
        this.masterFlags = new ScopedFlags(flags, ServerCommand.MASTER);
        this.volumeFlags = new ScopedFlags(flags, ServerCommand.VOLUME);
        this.directories = new Directories(invocation.surroundings());
        String masterIp = flags.text("master.ip");
        Hosts usual = masterIp.isEmpty() || !flags.text("ip").isEmpty()
                ? Hosts.of(flags, invocation.surroundings().detectedHost())
                : Hosts.of(flags, masterIp);
        this.otherHosts = usual;
        this.masterHosts = masterIp.isEmpty() ? usual : Hosts.of(flags, masterIp);
        this.dataDirectories = directories.prepareAll("dir", flags.text("dir"));
    }

    /** Empty with {@code -master=false}. */
    Optional<MasterConfig> master() throws StartException {
        boolean alone = flags.text("master.peers").equals("none");
        if (!flags.isOn("master")) {
            if (!alone) return Optional.empty();
            throw new StartException("-master.peers=none with -master=false leaves the volume server without a master; "
                    + "name the masters in -master.peers");
        }
        return Optional.of(new MasterSettings(masterFlags, configuration).config(
                masterHosts, masterDirectory(), metricsPort(), flags.text("whiteList"), !flags.isOn("disableHttp")));
    }

    /** Empty with {@code -volume=false}. */
    Optional<VolumeServerConfig> volume() throws StartException {
        if (!flags.isOn("volume")) return Optional.empty();
        VolumeSettings settings = new VolumeSettings(volumeFlags, configuration);
        return Optional.of(settings.config(new VolumeSettings.Place(
                otherHosts,
                masters(),
                dataDirectories,
                VolumeCommand.indexDirectory(settings, volumeFlags, directories),
                flags.text("dataCenter"),
                flags.text("rack"),
                flags.isOn("master") ? OptionalInt.empty() : metricsPort(),
                VolumeCommand.idle(common),
                flags.text("whiteList"),
                preStop(settings))));
    }

    private Path masterDirectory() throws StartException {
        String configured = configuration.text("master.mdir", flags.text("master.dir"));
        return configured.isEmpty() ? dataDirectories.getFirst() : directories.prepare("master.dir", configured);
    }

    private List<ServerAddress> masters() throws StartException {
        List<ServerAddress> peers = new MasterSettings(masterFlags, configuration).peers();
        if (!peers.isEmpty()) return peers;
        int port = masterFlags.port("port");
        return List.of(new ServerAddress(masterHosts.advertised(), port, masterFlags.grpcPort(port)));
    }

    /**
     * The pause lets clients learn from the master that this server leaves. When the only master stops together with it,
     * nobody is left to learn anything, so that the pause is made only if somebody asks for it.
     */
    private Duration preStop(VolumeSettings settings) throws StartException {
        boolean useless = flags.isOn("master") && masters().size() == 1 && !volumeFlags.isGiven("preStopSeconds");
        return useless ? Duration.ZERO : settings.preStop();
    }

    /** One listener serves the metrics of the whole process: the master's where there is one. */
    private OptionalInt metricsPort() throws StartException {
        int port = common.optionalPort("metricsPort");
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
