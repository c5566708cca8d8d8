package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes volume info files: JSON as the reference's protobuf library writes it. Reading takes numbers or
 * texts for 64-bit members, camel and snake case, the two names of an older schema, any white space, missing and
 * unknown members. Writing gives every member in fixed order, and nothing else: the reference refuses unknown ones.
 *
 * <p>Source: storage formats, section 8.
 */
final class VolumeInfoFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final JsonFactory JSON = new JsonFactory();

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

        void take(String name, JsonParser in) {
            switch (name) {
                case "files" -> remoteFiles = elements(in);
                case "version" -> version = (int) number(in);
                case "replication" -> replication = text(in);
                case "bytesOffset", "bytes_offset", "BytesOffset" -> offsetBytes = (int) number(in);
                case "datFileSize", "dat_file_size" -> datFileBytes = number(in);
                case "expireAtSec", "expire_at_sec", "DestroyTime", "destroyTime", "destroy_time" -> expireAt = number(in);
                case "readOnly", "read_only" -> readOnly = in.currentToken() == JsonToken.VALUE_TRUE;
                case "readOnlyCanDelete", "read_only_can_delete" -> canDelete = in.currentToken() == JsonToken.VALUE_TRUE;
                case "ecShardConfig", "ec_shard_config" -> erasureCoded = in.currentToken() == JsonToken.START_OBJECT;
                default -> { } // a newer schema may have more
            }
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

        private static long number(JsonParser in) {
            if (in.currentToken() == JsonToken.VALUE_NULL) return 0;
            return Long.parseUnsignedLong(String.valueOf(in.getString()));
        }

        private static String text(JsonParser in) {
            return in.currentToken() == JsonToken.VALUE_NULL ? "" : String.valueOf(in.getString());
        }
    }
}
