package dev.kelpfs.shell.topology;

import dev.kelpfs.wire.master.VolumeEcShardInformationMessage;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The shards of one erasure-coded volume on one disk.
 *
 * @param sizes of the shards in bytes, in their order; empty if the server did not say
 * @param expireAtSec seconds since the epoch; 0 for never
 */
public record EcRow(
        long id, String collection, List<Integer> shards, List<Long> sizes, long fileCount, long deleteCount, long expireAtSec) {
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    public EcRow {
        shards = List.copyOf(shards);
        sizes = List.copyOf(sizes);
    }

    static EcRow of(VolumeEcShardInformationMessage volume) {
        List<Integer> shards = new ArrayList<>();
        for (int shard = 0; shard < Integer.SIZE; shard++) {
            if ((volume.getEcIndexBits() >>> shard & 1) != 0) shards.add(shard);
        }
        List<Long> sizes = volume.getShardSizesCount() == shards.size() ? volume.getShardSizesList() : List.of();
        return new EcRow(Integer.toUnsignedLong(volume.getId()), volume.getCollection(), shards, sizes, volume.getFileCount(),
                volume.getDeleteCount(), volume.getExpireAtSec());
    }

    /** Bytes of all shards here. */
    public long totalSize() {
        return sizes.stream().mapToLong(Long::longValue).sum();
    }

    Sums sums() {
        return new Sums(totalSize(), fileCount, deleteCount, 0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ec volume id:").append(id).append(" collection:").append(collection);
        text.append(" shards:[").append(String.join(" ", shards.stream().map(String::valueOf).toList())).append("]");
        if (!sizes.isEmpty()) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < sizes.size(); i++) parts.add(shards.get(i) + ":" + mib(sizes.get(i)));
            text.append(" sizes:[").append(String.join(" ", parts)).append("] total:").append(mib(totalSize()));
        }
        text.append(' ');
        if (expireAtSec != 0) {
            text.append("expireAt:").append(TIME.format(Instant.ofEpochSecond(expireAtSec).atZone(ZoneId.systemDefault())));
        }
        return text.toString();
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.2f MiB", bytes / BYTES_PER_MIB);
    }
}
