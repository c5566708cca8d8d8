package dev.kelpfs.master.state;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What a master of the reference left in the directory where this one starts: read once, when Kelp's own state is empty,
 * and never changed. Its log may hold more than its last snapshot, so ids are only known to be at least this high.
 *
 * <p>{@code snapshot/<term>_<index>.ss}: 8 hex digits CRC-32 of what follows the line end, then JSON whose {@code state} is
 * JSON itself, in base64. Source: master, section 8.2.
 *
 * @param clusterId empty if it had none
 */
public record ReferenceState(String clusterId, long highestVolumeId) {
    private static final Logger LOG = LoggerFactory.getLogger(ReferenceState.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CRC_DIGITS = 8;
    private static final String SUFFIX = ".ss";

    private record Name(long term, long index, String text) {
        static Optional<Name> parse(String text) {
            if (!text.endsWith(SUFFIX)) return Optional.empty();
            String[] numbers = text.substring(0, text.length() - SUFFIX.length()).split("_");
            try {
                if (numbers.length != 2) return Optional.empty();
                return Optional.of(new Name(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), text));
            } catch (NumberFormatException otherFile) {
                return Optional.empty();
            }
        }
    }

    /**
     * Reads the newest intact snapshot.
     *
     * @param directory {@code <mdir>/m<port>}
     */
    public static Optional<ReferenceState> read(Disk disk, Path directory) throws IOException {
        Path snapshots = directory.resolve("snapshot");
        if (!disk.isDirectory(snapshots)) return Optional.empty();
        List<Name> newestFirst = disk.list(snapshots).stream()
                .flatMap(name -> Name.parse(name).stream())
                .sorted(Comparator.comparingLong(Name::term).thenComparingLong(Name::index).reversed())
                .toList();
        for (Name name : newestFirst) {
            Path file = snapshots.resolve(name.text);
            try (DiskFile content = disk.open(file, Disk.Open.READ)) {
                Optional<ReferenceState> state = parse(LogFile.readAll(content, file));
                if (state.isPresent()) return state;
            }
            LOG.warn("{} is no intact snapshot; an older one is tried", file);
        }
        return Optional.empty();
    }

    private static Optional<ReferenceState> parse(ByteBuffer file) {
        byte[] bytes = new byte[file.remaining()];
        file.get(bytes);
        if (bytes.length <= CRC_DIGITS || bytes[CRC_DIGITS] != '\n') return Optional.empty();
        CRC32 crc = new CRC32();
        crc.update(bytes, CRC_DIGITS + 1, bytes.length - CRC_DIGITS - 1);
        String written = new String(bytes, 0, CRC_DIGITS, StandardCharsets.US_ASCII);
        if (!written.equalsIgnoreCase(String.format("%08x", crc.getValue()))) return Optional.empty();
        try {
            JsonNode state = JSON.readTree(bytes, CRC_DIGITS + 1, bytes.length - CRC_DIGITS - 1).path("state");
            if (state.isString()) state = JSON.readTree(Base64.getDecoder().decode(state.asString()));
            return Optional.of(new ReferenceState(state.path("topologyId").asString(""), state.path("maxVolumeId").asLong(0)));
        } catch (JacksonException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
