package dev.kelpfs.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The live records of a volume as they lie on disk, by key in hex: header, body and checksum, without the time of the append
 * and the padding, which each copy has of its own. Reads the formats by itself, so that no code of the server vouches for
 * itself.
 */
final class VolumeFileRecords {
    private static final int ROW_BYTES = 16;
    private static final int HEADER_BYTES = 16;
    private static final int CHECKSUM_BYTES = 4;
    private static final int OFFSET_UNIT = 8;

    private VolumeFileRecords() {}

    static Map<String, String> live(Path directory, String baseName) throws IOException {
        Map<String, String> records = new TreeMap<>();
        ByteBuffer rows = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(baseName + ".idx")));
        try (RandomAccessFile dat = new RandomAccessFile(directory.resolve(baseName + ".dat").toFile(), "r")) {
            while (rows.remaining() >= ROW_BYTES) {
                String key = Long.toHexString(rows.getLong());
                long offset = Integer.toUnsignedLong(rows.getInt()) * OFFSET_UNIT;
                int bodyBytes = rows.getInt();
                if (bodyBytes < 0 || offset == 0) {
                    records.remove(key);
                    continue;
                }
                byte[] record = new byte[HEADER_BYTES + bodyBytes + CHECKSUM_BYTES];
                dat.seek(offset);
                dat.readFully(record);
                records.put(key, HexFormat.of().formatHex(record));
            }
        }
        return records;
    }
}
