package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The masters that this server has learned of, kept in its data directory, so that it starts when the one that it was told
 * of is dead. A text file, one address a line; whoever edits it can only make the server ask somebody in vain.
 */
public final class KnownMasters {
    private static final Logger LOG = LoggerFactory.getLogger(KnownMasters.class);
    private static final String FILE = ".kelp-masters";
    private static final int MAX_BYTES = 64 << 10;

    private final Disk disk;
    private final Path file;

    /** @param directory the first data directory; exists */
    public KnownMasters(Disk disk, Path directory) {
        this.disk = disk;
        this.file = directory.resolve(FILE);
    }

    /** The list as it was kept last; empty if there is none, or none that can be read. */
    List<ServerAddress> load() {
        List<ServerAddress> masters = new ArrayList<>();
        try {
            if (!disk.exists(file)) return List.of();
            String text = read();
            for (String line : text.lines().toList()) {
                if (!line.isBlank()) masters.add(ServerAddress.parse(line.strip()));
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn("{} cannot be read, so only the masters of the command line are known: {}", file, unreadable.getMessage());
            return List.of();
        }
        return masters;
    }

    private String read() throws IOException {
        try (DiskFile content = disk.open(file, Disk.Open.READ)) {
            int size = (int) Math.min(MAX_BYTES, content.size());
            ByteBuffer bytes = ByteBuffer.allocate(size);
            while (bytes.hasRemaining() && content.read(bytes, bytes.position()) > 0) { }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
    }

    /** Replaces the list. A disk that cannot take it costs nothing but the list. */
    void store(List<ServerAddress> masters) {
        StringBuilder text = new StringBuilder();
        masters.forEach(master -> text.append(master.withBothPorts()).append('\n'));
        Path temporary = file.resolveSibling(FILE + ".tmp");
        try {
            disk.delete(temporary);
            try (DiskFile content = disk.open(temporary, Disk.Open.CREATE_NEW)) {
                content.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)), 0);
                content.sync();
            }
            disk.rename(temporary, file);
            disk.syncDirectory(file.getParent());
        } catch (IOException failed) {
            LOG.warn("The masters could not be noted in {}: {}", file, failed.getMessage());
        }
    }
}
