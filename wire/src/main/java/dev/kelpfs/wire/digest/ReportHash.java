package dev.kelpfs.wire.digest;

import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The hash of one volume's report; the exclusive or over all volumes of a server is the digest by which both ends of a
 * heartbeat see that they mean the same list.
 *
 * <p>57 little-endian bytes go into XXH64: id u32, size u64, files u64, deleted files u64, deleted bytes u64, placement
 * u32, version u32, ttl u32, compact revision u32, disk id u32, read-only u8; modification second, collection, disk type
 * and remote storage name are folded in. Source: master, section 4.1.
 */
public final class ReportHash {
    private static final int BYTES = 57;
    private static final long MAX_COUNT = 0xffff_ffffL;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int SHIFT = 29;

    private ReportHash() {}

    /** The hash of one report. */
    public static long of(VolumeInformationMessage volume) {
        ByteBuffer fields = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(volume.getId())
                .putLong(volume.getSize())
                .putLong(capped(volume.getFileCount()))
                .putLong(capped(volume.getDeleteCount()))
                .putLong(volume.getDeletedByteCount())
                .putInt(volume.getReplicaPlacement())
                .putInt(volume.getVersion())
                .putInt((volume.getTtl() >>> 8 & 0xff) == 0 ? 0 : volume.getTtl())
                .putInt(volume.getCompactRevision())
                .putInt(volume.getDiskId())
                .put((byte) (volume.getReadOnly() ? 1 : 0));
        long hash = XxHash64.of(fields.array());
        ByteBuffer modified = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(volume.getModifiedAtSecond());
        hash = fold(hash, XxHash64.of(modified.array()));
        hash = fold(hash, hash(volume.getCollection()));
        hash = fold(hash, hash(volume.getDiskType()));
        return fold(hash, hash(volume.getRemoteStorageName()));
    }

    private static long fold(long hash, long next) {
        long mixed = (hash ^ next) * MULTIPLIER;
        return mixed ^ mixed >>> SHIFT;
    }

    private static long capped(long count) {
        return Long.compareUnsigned(count, MAX_COUNT) > 0 ? MAX_COUNT : count;
    }

    private static long hash(String text) {
        return XxHash64.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
