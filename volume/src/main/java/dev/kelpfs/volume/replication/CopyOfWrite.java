package dev.kelpfs.volume.replication;

import dev.kelpfs.core.Ttl;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * A stored file, as the servers with the other copies are to store it.
 *
 * @param rawPath path of the file, encoded
 * @param data the bytes as stored here; not to be changed before the outcome is known
 * @param checksum CRC-32C of the data
 * @param compressed the data is gzip
 * @param manifest the data is a list of chunks
 * @param pairs by name without their prefix
 * @param ttl none for that of the volume
 * @param fsync the others shall sync before they answer
 * @param token admits to the file; empty for none
 */
public record CopyOfWrite(
        String rawPath, List<ByteBuffer> data, int checksum, boolean compressed, boolean manifest, String name, String mime,
        Map<String, String> pairs, long modifiedEpochSeconds, Ttl ttl, boolean fsync, String token) {
    public CopyOfWrite {
        data = List.copyOf(data);
        pairs = Map.copyOf(pairs);
    }
}
