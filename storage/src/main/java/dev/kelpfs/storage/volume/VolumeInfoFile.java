package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes volume info files: JSON as the reference's protobuf library writes it. Reading takes numbers or
 * texts for 64-bit members, camel and snake case, the two names of an older schema, any white space, missing and
 * unknown members, but not both together: writers give all members that they know, so a name that nobody knows, in a file
 * that lacks one, is that one, damaged. Writing gives every member in fixed order, and nothing else: the reference refuses
 * unknown ones.
 *
 * <p>Source: storage formats, section 8.
 */
final class VolumeInfoFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MOST_NAMES_CHARACTERS = 200;
    private static final JsonFactory JSON = new JsonFactory();

    /** What a writer that knows them gives, whatever they say. */
    private static final Set<String> NAMES = Set.of("files", "version", "replication", "bytesOffset", "datFileSize", "expireAtSec",
            "readOnly", "ecShardConfig", "readOnlyCanDelete");
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("bytes_offset", "bytesOffset"), Map.entry("BytesOffset", "bytesOffset"),
            Map.entry("dat_file_size", "datFileSize"), Map.entry("expire_at_sec", "expireAtSec"),
            Map.entry("DestroyTime", "expireAtSec"), Map.entry("destroyTime", "expireAtSec"),
            Map.entry("destroy_time", "expireAtSec"), Map.entry("read_only", "readOnly"),
            Map.entry("read_only_can_delete", "readOnlyCanDelete"), Map.entry("ec_shard_config", "ecShardConfig"));

    private VolumeInfoFile() {}

    /**
     * @return empty if there is no such file, or it is empty
     * @throws DamagedVolumeInfoException if it cannot be understood
     */
    static Optional<VolumeInfo> read(Disk disk, Path path) throws IOException {
        if (!disk.exists(path)) return Optional.empty();
        try (DiskFile file = disk.open(path, Open.READ)) {
            long size = file.size();
            if (size == 0) return Optional.empty();
            if (size > MAX_BYTES) throw new DamagedVolumeInfoException(path, size + " bytes are far more than expected", null);
            ByteBuffer text = ByteBuffer.allocate((int) size);
            RecordReader.readFully(file, path, text, 0, 0);
            return Optional.of(parse(text.array(), path));
        }
    }

    static VolumeInfo parse(byte[] json, Path path) throws DamagedVolumeInfoException {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) throw new DamagedVolumeInfoException(path, "no JSON object", null);
            Members members = new Members();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                in.nextToken();
                members.take(name, in);
                in.skipChildren();
            }
            members.refuseDamagedName(path);
            return members.info();
        } catch (JacksonException | NumberFormatException malformed) {
            throw new DamagedVolumeInfoException(path, String.valueOf(malformed.getMessage()).lines().findFirst().orElse(""),
                    malformed);
        }
    }

    /** Puts the file in place in one step, durably. */
    static void write(Disk disk, Path path, VolumeInfo info) throws IOException {
        Path staged = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(staged);
        try (DiskFile file = disk.open(staged, Open.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(format(info).getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
        }
        disk.rename(staged, path);
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) disk.syncDirectory(directory);
    }

    /** Only volumes without remote files and without erasure coding are ever written. */
    static String format(VolumeInfo info) {
        if (info.remoteFiles() > 0 || info.erasureCoded()) {
            throw new IllegalArgumentException("only plain volumes are written, got " + info);
        }
        return """
                {
                  "files": [],
                  "version": %d,
                  "replication": "%s",
                  "bytesOffset": %d,
                  "datFileSize": "%d",
                  "expireAtSec": "%d",
                  "readOnly": %b,
                  "ecShardConfig": null,
                  "readOnlyCanDelete": %b
                }""".formatted(info.version(), info.replication(), info.offsetBytes(), info.datFileBytes(),
                info.expireAtEpochSeconds(), info.readOnly(), info.readOnlyCanDelete());
    }

    /** Members as they come. */
    private static final class Members {
        private int remoteFiles;
        private int version;
        private String replication = "";
        private int offsetBytes;
        private long datFileBytes;
        private long expireAt;
        private boolean readOnly;
        private boolean canDelete;
        private boolean erasureCoded;

        private final Set<String> known = new HashSet<>();
        private final Set<String> unknown = new TreeSet<>();

        void take(String name, JsonParser in) {
            String member = OTHER_NAMES.getOrDefault(name, name);
            (NAMES.contains(member) ? known : unknown).add(member);
            switch (member) {
                case "files" -> remoteFiles = elements(in);
                case "version" -> version = (int) number(in);
                case "replication" -> replication = text(in);
                case "bytesOffset" -> offsetBytes = (int) number(in);
                case "datFileSize" -> datFileBytes = number(in);
                case "expireAtSec" -> expireAt = number(in);
                case "readOnly" -> readOnly = truth(in);
                case "readOnlyCanDelete" -> canDelete = truth(in);
                case "ecShardConfig" -> erasureCoded = in.currentToken() == JsonToken.START_OBJECT;
                default -> { } // a newer schema may have more
            }
        }

        /** @throws DamagedVolumeInfoException if there is one member too many and one too few */
        void refuseDamagedName(Path path) throws DamagedVolumeInfoException {
            Set<String> missing = new TreeSet<>(NAMES);
            missing.removeAll(known);
            if (unknown.isEmpty() || missing.isEmpty()) return;
            String names = String.join(", ", unknown);
            throw new DamagedVolumeInfoException(path, "members " + names.substring(0, Math.min(MOST_NAMES_CHARACTERS, names.length()))
                    + " are unknown and " + String.join(", ", missing) + " are missing, so a name is damaged", null);
        }

        VolumeInfo info() {
            return new VolumeInfo(remoteFiles, version, replication, offsetBytes, datFileBytes, expireAt,
                    readOnly, canDelete, erasureCoded);
        }

        private static int elements(JsonParser in) {
            int count = 0;
            if (in.currentToken() != JsonToken.START_ARRAY) return 0;
            while (in.nextToken() != JsonToken.END_ARRAY) {
                count++;
                in.skipChildren();
            }
            return count;
        }

        private static boolean truth(JsonParser in) {
            return switch (in.currentToken()) {
                case VALUE_TRUE -> true;
                case VALUE_FALSE, VALUE_NULL -> false;
                case null, default -> throw new NumberFormatException("found " + in.getString() + " where true or false belongs");
            };
        }

        private static long number(JsonParser in) {
            if (in.currentToken() == JsonToken.VALUE_NULL) return 0;
            return Long.parseUnsignedLong(String.valueOf(in.getString()));
        }

        private static String text(JsonParser in) {
            return in.currentToken() == JsonToken.VALUE_NULL ? "" : String.valueOf(in.getString());
        }
    }
}
