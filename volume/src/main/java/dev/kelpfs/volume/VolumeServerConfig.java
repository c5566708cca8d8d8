package dev.kelpfs.volume;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.volume.location.ReadMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a volume server is told at its start. Immutable and checked at birth, so that a server never starts with
 * settings that cannot work. Source: volume server, section 2.2.
 *
 * @param masters where to announce itself, in the order they are tried; empty for a server that stands alone
 * @param directories where volumes live, at least one; their order gives the disk ids
 * @param indexDirectory a separate directory for index files, for all data directories
 * @param readMode what a read of a volume that is not here does
 * @param preStop pause between the farewell to the master and the end, so that clients learn of it; only when a master
 *     was connected
 * @param turnsPictures whether JPEG uploads are made upright by what the camera says
 * @param syncsAlways whether every write and deletion is on the disk before it is acknowledged
 */
public record VolumeServerConfig(
        Listeners listeners,
        Identity identity,
        List<ServerAddress> masters,
        List<DataDirectory> directories,
        Optional<Path> indexDirectory,
        ReadMode readMode,
        Limits limits,
        Security security,
        Duration preStop,
        boolean turnsPictures,
        boolean syncsAlways) {

    public VolumeServerConfig {
        masters = List.copyOf(masters);
        directories = List.copyOf(directories);
        if (directories.isEmpty()) {
            throw new IllegalArgumentException("a volume server needs at least one data directory; give one with -dir");
        }
        if (preStop.isNegative()) throw new IllegalArgumentException("preStop must not be negative, got " + preStop);
    }

    /** The defaults of {@code weed volume}: port 8080 and 18080, no limits but 256 MiB a file, no keys. */
    public static VolumeServerConfig defaults(String ip, List<DataDirectory> directories) {
        return new VolumeServerConfig(
                Listeners.defaults(ip), Identity.of(ip), List.of(ServerAddress.of("localhost", 9333)), directories,
                Optional.empty(), ReadMode.PROXY, Limits.DEFAULT, Security.OPEN, Duration.ofSeconds(10), false, false);
    }

    public VolumeServerConfig withListeners(Listeners value) {
        return new VolumeServerConfig(
                value, identity, masters, directories, indexDirectory, readMode, limits, security, preStop, turnsPictures,
                syncsAlways);
    }

    public VolumeServerConfig withIdentity(Identity value) {
        return new VolumeServerConfig(
                listeners, value, masters, directories, indexDirectory, readMode, limits, security, preStop, turnsPictures,
                syncsAlways);
    }

    public VolumeServerConfig withMasters(List<ServerAddress> value) {
        return new VolumeServerConfig(
                listeners, identity, value, directories, indexDirectory, readMode, limits, security, preStop, turnsPictures,
                syncsAlways);
    }

    public VolumeServerConfig withIndexDirectory(Optional<Path> value) {
        return new VolumeServerConfig(
                listeners, identity, masters, directories, value, readMode, limits, security, preStop, turnsPictures,
                syncsAlways);
    }

    public VolumeServerConfig withReadMode(ReadMode value) {
        return new VolumeServerConfig(
                listeners, identity, masters, directories, indexDirectory, value, limits, security, preStop, turnsPictures,
                syncsAlways);
    }

    public VolumeServerConfig withLimits(Limits value) {
        return new VolumeServerConfig(
                listeners, identity, masters, directories, indexDirectory, readMode, value, security, preStop, turnsPictures,
                syncsAlways);
    }

    public VolumeServerConfig withSecurity(Security value) {
        return new VolumeServerConfig(
                listeners, identity, masters, directories, indexDirectory, readMode, limits, value, preStop, turnsPictures,
                syncsAlways);
    }

    public VolumeServerConfig withPreStop(Duration value) {
        return new VolumeServerConfig(
                listeners, identity, masters, directories, indexDirectory, readMode, limits, security, value, turnsPictures,
                syncsAlways);
    }

    public VolumeServerConfig withTurnsPictures(boolean value) {
        return new VolumeServerConfig(
                listeners, identity, masters, directories, indexDirectory, readMode, limits, security, preStop, value,
                syncsAlways);
    }

    public VolumeServerConfig withSyncsAlways(boolean value) {
        return new VolumeServerConfig(
                listeners, identity, masters, directories, indexDirectory, readMode, limits, security, preStop, turnsPictures,
                value);
    }
}
