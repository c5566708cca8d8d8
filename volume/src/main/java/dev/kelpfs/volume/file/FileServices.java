package dev.kelpfs.volume.file;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.http.client.PeerClient;
import dev.kelpfs.storage.Store;
import dev.kelpfs.volume.guard.TokenKey;
import dev.kelpfs.volume.location.VolumeLocations;
import dev.kelpfs.volume.manifest.PeerChunks;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import dev.kelpfs.volume.picture.PictureWorks;
import dev.kelpfs.volume.replication.Replicas;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What reads, writes and deletes of files work with.
 *
 * @param fileLimitBytes longest upload
 * @param bodyMemoryBytes memory that bodies of larger uploads may take together
 * @param uploads when uploads are held back
 * @param downloads when reads are held back
 * @param locations where volumes lie that are not here
 * @param replicas the other copies of those that are
 * @param peers speaks to other servers
 * @param chunkHolders other servers that hold chunks of files
 * @param works changes pictures
 * @param turnUploads whether JPEG uploads are made upright
 * @param random safe for all threads
 */
public record FileServices(
        Store store,
        WhiteList whiteList,
        Optional<TokenKey> writeKey,
        Optional<TokenKey> readKey,
        ByteBufAllocator buffers,
        long fileLimitBytes,
        long bodyMemoryBytes,
        Transfers uploads,
        Transfers downloads,
        VolumeLocations locations,
        Replicas replicas,
        PeerClient peers,
        PeerChunks chunkHolders,
        PictureWorks works,
        boolean turnUploads,
        InstantSource clock,
        Ticker ticker,
        RandomGenerator random,
        VolumeMetrics metrics) {

    /**
     * A limit on requests under way.
     *
     * @param limitBytes what they may carry together before others wait; 0 for no limit
     * @param patience how long one waits before it is refused
     */
    public record Transfers(long limitBytes, Duration patience) {}

    Chunks chunks() {
        return new Chunks(store, buffers, chunkHolders);
    }

    Pictures pictures() {
        return new Pictures(works, turnUploads);
    }

    TokenCheck writeTokens() {
        return new TokenCheck(writeKey, clock);
    }

    TokenCheck readTokens() {
        return new TokenCheck(readKey, clock);
    }
}
