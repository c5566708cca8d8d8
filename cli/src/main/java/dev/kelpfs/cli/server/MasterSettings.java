package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.core.config.ConfigurationException;
import dev.kelpfs.master.Maintenance;
import dev.kelpfs.master.MasterConfig;
import dev.kelpfs.master.MasterListeners;
import dev.kelpfs.master.MasterSecurity;
import dev.kelpfs.master.Peers;
import dev.kelpfs.master.PushGateway;
import dev.kelpfs.master.growth.GrowthSettings;
import dev.kelpfs.master.raft.RaftSettings.ElectionTimeout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** From flags and configuration to what a master is told. Pure. */
final class MasterSettings {
    private final ScopedFlags flags;
    private final Configuration configuration;

    MasterSettings(ScopedFlags flags, Configuration configuration) {
        this.flags = flags;
        this.configuration = configuration;
    }

    /**
     * @param metricsPort empty for no such listener
     * @param whiteList from the flag; the configuration's is added
     * @param api false for status and health only
     * @throws StartException if the settings cannot work; the message names flag or key
     */
    MasterConfig config(Hosts hosts, Path directory, OptionalInt metricsPort, String whiteList, boolean api)
            throws StartException {
        int port = flags.port("port");
        int grpcPort = flags.grpcPort(port);
        try {
            return new MasterConfig(
                    new MasterListeners(hosts.bind(), port, grpcPort, hosts.metricsBind(), metricsPort, api),
                    hosts.advertised(),
                    directory,
                    new Peers(peers(), election(), flags.isOn("raftBootstrap")),
                    configuration.text("master.sequencer.type", "raft"),
                    flags.unsigned("volumeSizeLimitMB", 1, MasterConfig.MAX_VOLUME_SIZE_LIMIT_MIB),
                    flags.isOn("volumePreallocate"),
                    replication(),
                    growth(),
                    maintenance(),
                    security(whiteList, configuration),
                    new PushGateway(flags.text("metrics.address"), flags.integer("metrics.intervalSeconds", 1, 86_400)));
        } catch (IllegalArgumentException | ConfigurationException wrong) {
            throw new StartException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** The masters named by {@code -peers}, each once; empty for a cluster of one. */
    List<ServerAddress> peers() throws StartException {
        String text = flags.text("peers");
        if (text.equals("none")) return List.of();
        try {
            List<ServerAddress> peers = new ArrayList<>();
            for (ServerAddress peer : ServerAddress.parseList(text)) {
                if (peers.stream().noneMatch(peer::isSameServer)) peers.add(peer);
            }
            return List.copyOf(peers);
        } catch (IllegalArgumentException wrong) {
            throw new StartException("-" + flags.name("peers") + ": " + wrong.getMessage(), wrong);
        }
    }

    /**
     * As the reference reads the flag, from the time given to twice of it; when it is not given, much shorter than the
     * reference's ten seconds, which nobody chose.
     */
    private ElectionTimeout election() throws StartException {
        if (!flags.isGiven("electionTimeout")) return ElectionTimeout.DEFAULT;
        try {
            return ElectionTimeout.from(flags.duration("electionTimeout"));
        } catch (IllegalArgumentException wrong) {
            throw new StartException("-" + flags.name("electionTimeout") + ": " + wrong.getMessage(), wrong);
        }
    }

    private ReplicaPlacement replication() throws StartException {
        try {
            return ReplicaPlacement.parse(flags.text("defaultReplication"));
        } catch (IllegalArgumentException wrong) {
            throw new StartException("-" + flags.name("defaultReplication") + ": " + wrong.getMessage(), wrong);
        }
    }

    private GrowthSettings growth() throws ConfigurationException {
        GrowthSettings usual = GrowthSettings.DEFAULT;
        return new GrowthSettings(
                count("copy_1", usual.copy1()),
                count("copy_2", usual.copy2()),
                count("copy_3", usual.copy3()),
                count("copy_other", usual.copyOther()),
                configuration.number("master.volume_growth.threshold", usual.threshold()),
                configuration.flag("master.volume_growth.disable", usual.disabled()),
                configuration.flag("master.replication.treat_replication_as_minimums", usual.replicationIsMinimum()));
    }

    private int count(String key, int otherwise) throws ConfigurationException {
        return (int) Math.clamp(configuration.integer("master.volume_growth." + key, otherwise), -1L, 1 << 20);
    }

    private Maintenance maintenance() throws ConfigurationException, StartException {
        return new Maintenance(
                flags.decimal("garbageThreshold"),
                flags.integer("maxParallelVacuumPerServer", 1, 1000),
                configuration.text("master.maintenance.scripts", ""),
                (int) Math.clamp(configuration.integer("master.maintenance.sleep_minutes", 17), 0L, 1 << 20));
    }

    /** Keys and white list of whatever answers as a master. @param whiteList from the flag; the configuration's is added */
    static MasterSecurity security(String whiteList, Configuration configuration) throws ConfigurationException {
        return new MasterSecurity(
                configuration.text("jwt.signing.key", ""),
                seconds(configuration, "jwt.signing.expires_after_seconds", 10),
                configuration.text("jwt.signing.read.key", ""),
                seconds(configuration, "jwt.signing.read.expires_after_seconds", 60),
                WhiteList.of(whiteList, configuration));
    }

    private static int seconds(Configuration configuration, String key, int otherwise) throws ConfigurationException {
        return (int) Math.clamp(configuration.integer(key, otherwise), 0L, Integer.MAX_VALUE);
    }
}
