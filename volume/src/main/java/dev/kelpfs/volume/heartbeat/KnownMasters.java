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
 * The masters that this server has learned of, and the cluster that they form, kept in its data directory: so that it starts
 * when the one that it was told of is dead, and takes no other cluster for its own. A text file: {@code cluster} and the id in
 * the first line, then one address a line. Without the file the server belongs to whoever leads where it is told to ask.
 */
public final class KnownMasters {
    private static final Logger LOG = LoggerFactory.getLogger(KnownMasters.class);
    private static final String FILE = ".kelp-masters";
    private static final int MAX_BYTES = 64 << 10;
    private static final String CLUSTER = "cluster ";

    /** @param cluster id of the cluster; empty if none is noted */
    record Content(String cluster, List<ServerAddress> masters) {
        static final Content NOTHING = new Content("", List.of());

        Content {
            masters = List.copyOf(masters);
        }
    }

    private final Disk disk;
    private final Path file;

    /** @param directory the first data directory; exists */
    public KnownMasters(Disk disk, Path directory) {
        this.disk = disk;
        this.file = directory.resolve(FILE);
    }

    /** What was kept last; nothing if there is no file, or none that can be read. */
    Content load() {
        List<ServerAddress> masters = new ArrayList<>();
        String cluster = "";
        try {
            if (!disk.exists(file)) return Content.NOTHING;
            String text = read();
            for (String line : text.lines().toList()) {
                if (line.startsWith(CLUSTER)) cluster = line.substring(CLUSTER.length()).strip();
                else if (!line.isBlank()) masters.add(ServerAddress.parse(line.strip()));
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn("{} cannot be read, so only the masters of the command line are known: {}", file, unreadable.getMessage());
            return Content.NOTHING;
        }
        return new Content(cluster, masters);
    }

    /** For people who are to remove it. */
    String path() {
        return file.toString();
    }

    private String read() throws IOException {
        try (DiskFile content = disk.open(file, Disk.Open.READ)) {
            int size = (int) Math.min(MAX_BYTES, content.size());
            ByteBuffer bytes = ByteBuffer.allocate(size);
            while (bytes.hasRemaining() && content.read(bytes, bytes.position()) > 0) { }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
    }

    /** Replaces what was kept. A disk that cannot take it costs nothing but that. */
    void store(Content kept) {
        StringBuilder text = new StringBuilder();
        if (!kept.cluster().isEmpty()) text.append(CLUSTER).append(kept.cluster()).append('\n');
        kept.masters().forEach(master -> text.append(master.withBothPorts()).append('\n'));
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
