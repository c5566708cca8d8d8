package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.config.Configuration;
import dev.kelpfs.core.config.ConfigurationException;
import dev.kelpfs.volume.DataDirectory;
import dev.kelpfs.volume.Identity;
import dev.kelpfs.volume.Limits;
import dev.kelpfs.volume.Listeners;
import dev.kelpfs.volume.Security;
import dev.kelpfs.volume.VolumeServerConfig;
import dev.kelpfs.volume.location.ReadMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** From flags and configuration to what a volume server is told. Pure. */
final class VolumeSettings {
    private static final long MIB = 1 << 20;
    private static final int MAX_MIB = 1 << 30;
    private static final int MAX_SECONDS = 1 << 24;

    /** Index kinds of the reference; all but the first are served by the same index in memory. */
    private static final List<String> INDEX_KINDS = List.of("memory", "leveldb", "leveldbMedium", "leveldbLarge");

    private final ScopedFlags flags;
    private final Configuration configuration;

    VolumeSettings(ScopedFlags flags, Configuration configuration) {
        this.flags = flags;
        this.configuration = configuration;
    }

    /** Where the server stands, beside what its own flags say. */
    record Place(
            Hosts hosts, List<ServerAddress> masters, List<Path> directories, Optional<Path> indexDirectory,
            String dataCenter, String rack, OptionalInt metricsPort, Duration idle, String whiteList, Duration preStop) {}

    /** @throws StartException if the settings cannot work; the message names flag or key */
    VolumeServerConfig config(Place place) throws StartException {
        checkIndexKind();
        try {
            return new VolumeServerConfig(
                    listeners(place),
                    new Identity(place.hosts().advertised(), flags.text("id"), flags.text("publicUrl"), place.dataCenter(),
                            place.rack()),
                    place.masters(),
                    directories(place.directories()),
                    place.indexDirectory(),
                    ReadMode.parse(flags.text("readMode")),
                    limits(place.idle()),
                    new Security(
                            configuration.text("jwt.signing.key", ""),
                            configuration.text("jwt.signing.read.key", ""),
                            WhiteList.of(place.whiteList(), configuration),
                            configuration.flag("access.ui", false)),
                    place.preStop(),
                    flags.isOn("images.fix.orientation"),
                    flags.isOn("fsync"));
        } catch (IllegalArgumentException | ConfigurationException wrong) {
            throw new StartException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** {@code -preStopSeconds}. */
    Duration preStop() throws StartException {
        return Duration.ofSeconds(flags.integer("preStopSeconds", 0, MAX_SECONDS));
    }

    /**
     * What is to be said when an index kind was asked for that is served by another one.
     *
     * @throws StartException if there is no such kind
     */
    Optional<String> indexNotice() throws StartException {
        checkIndexKind();
        String kind = flags.text("index");
        return kind.equals(INDEX_KINDS.getFirst())
                ? Optional.empty()
                : Optional.of("-" + flags.name("index") + "=" + kind + ": indexes live in memory in this release");
    }

    private void checkIndexKind() throws StartException {
        String kind = flags.text("index");
        if (INDEX_KINDS.contains(kind)) return;
        throw new StartException("-" + flags.name("index") + " must be one of " + String.join(", ", INDEX_KINDS)
                + ", got \"" + kind + "\"");
    }

    private Listeners listeners(Place place) throws StartException {
        int port = flags.port("port");
        int publicPort = flags.optionalPort("port.public");
        return new Listeners(
                place.hosts().bind(),
                port,
                publicPort == 0 || publicPort == port ? OptionalInt.empty() : OptionalInt.of(publicPort),
                flags.grpcPort(port),
                place.hosts().metricsBind(),
                place.metricsPort());
    }

    private Limits limits(Duration idle) throws StartException {
        return new Limits(
                flags.integer("fileSizeLimitMB", 1, MAX_MIB) * MIB,
                flags.integer("concurrentUploadLimitMB", 0, MAX_MIB) * MIB,
                flags.integer("concurrentDownloadLimitMB", 0, MAX_MIB) * MIB,
                flags.duration("inflightUploadDataTimeout"),
                flags.duration("inflightDownloadDataTimeout"),
                idle,
                Limits.DEFAULT.bodyMemoryBytes(),
                flags.integer("compactionMBps", 0, MAX_MIB) * MIB);
    }

    private List<DataDirectory> directories(List<Path> paths) throws StartException {
        PerDirectory perDirectory = new PerDirectory(paths.size());
        List<String> max = perDirectory.values(flags.name("max"), flags.text("max"));
        List<String> disk = perDirectory.values(flags.name("disk"), flags.text("disk"));
        List<String> tags = perDirectory.values(flags.name("tags"), flags.text("tags"));
        boolean older = flags.text("minFreeSpace").isEmpty();
        String minFreeFlag = older ? "minFreeSpacePercent" : "minFreeSpace";
        List<String> minFree = perDirectory.values(flags.name(minFreeFlag), flags.text(minFreeFlag));
        List<DataDirectory> directories = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            directories.add(new DataDirectory(
                    paths.get(i),
                    new DiskType(disk.get(i)),
                    PerDirectory.count(flags.name("max"), max.get(i)),
                    PerDirectory.minFree(flags.name(minFreeFlag), minFree.get(i)),
                    PerDirectory.tags(tags.get(i))));
        }
        return directories;
    }
}
