package dev.kelpfs.client;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.List;

/**
 * What a client is told at its start. Immutable; each {@code with} method gives a changed copy.
 *
 * @param masters addresses of masters; one is enough, all are better
 * @param patience how long an operation goes on trying when servers are away
 * @param requestTimeout how long one request may take until it is answered, and how long a body may stand still
 * @param chunks how large files are parted
 * @param habits how the client goes about its work
 * @param ticker monotonic time
 */
public record ClientOptions(
        List<ServerAddress> masters, Duration patience, Duration requestTimeout, Chunks chunks, Habits habits, Ticker ticker) {
    /**
     * How large files are parted.
     *
     * @param bytes a file larger than this is stored in chunks of this size; 0 stores every file in one piece
     * @param parallel how many chunks of one file are on their way at the same time, each held in memory
     */
    public record Chunks(int bytes, int parallel) {
        public Chunks {
            if (bytes < 0) throw new IllegalArgumentException("chunk bytes must not be negative, got " + bytes);
            if (parallel < 1 || parallel > MOST_PARALLEL) {
                throw new IllegalArgumentException("parallel chunks must be 1 to " + MOST_PARALLEL + ", got " + parallel);
            }
        }
    }

    /**
     * How the client goes about its work.
     *
     * @param follow keep a stream to the leading master, so that locations are known without asking; costs memory for
     *     every volume of the cluster and pays for programs that run longer than a moment
     * @param assignByStream ask for ids over one stream instead of by single calls; cheaper, but ids come in the order in
     *     which they were asked for, so one that must wait holds up those behind it
     * @param publicUrls reach volume servers by their public addresses
     * @param dataCenter read from servers there first; empty for no preference
     */
    public record Habits(boolean follow, boolean assignByStream, boolean publicUrls, String dataCenter) {
        static final Habits USUAL = new Habits(true, false, false, "");
    }

    private static final int MOST_PARALLEL = 64;
    private static final Chunks USUAL_CHUNKS = new Chunks(4 << 20, 4);

    public ClientOptions {
        masters = List.copyOf(masters);
        if (masters.isEmpty()) throw new IllegalArgumentException("a client needs the address of at least one master");
        if (patience.isNegative() || requestTimeout.isNegative() || requestTimeout.isZero()) {
            throw new IllegalArgumentException("times must not be negative: " + patience + ", " + requestTimeout);
        }
    }

    /** Thirty seconds of patience and chunks of 4 MiB, as clients of the reference have it. */
    public static ClientOptions of(List<ServerAddress> masters) {
        return new ClientOptions(
                masters, Duration.ofSeconds(30), Duration.ofSeconds(60), USUAL_CHUNKS, Habits.USUAL, Ticker.system());
    }

    public static ClientOptions of(ServerAddress... masters) {
        return of(List.of(masters));
    }

    /** How long to go on trying; zero tries everything once. */
    public ClientOptions withPatience(Duration limit) {
        return new ClientOptions(masters, limit, requestTimeout, chunks, habits, ticker);
    }

    public ClientOptions withRequestTimeout(Duration limit) {
        return new ClientOptions(masters, patience, limit, chunks, habits, ticker);
    }

    /** Files above {@code bytes} are stored in chunks of that size; 0 stores every file in one piece. */
    public ClientOptions withChunksOf(int bytes) {
        return new ClientOptions(
                masters, patience, requestTimeout, new Chunks(bytes, chunks.parallel()), habits, ticker);
    }

    public ClientOptions withParallelChunks(int parallel) {
        return new ClientOptions(
                masters, patience, requestTimeout, new Chunks(chunks.bytes(), parallel), habits, ticker);
    }

    /** For programs that do one thing and end: asks where a volume is instead of following the master. */
    public ClientOptions withoutFollowing() {
        return with(new Habits(false, habits.assignByStream(), habits.publicUrls(), habits.dataCenter()));
    }

    public ClientOptions withAssignByStream() {
        return with(new Habits(habits.follow(), true, habits.publicUrls(), habits.dataCenter()));
    }

    public ClientOptions withPublicUrls() {
        return with(new Habits(habits.follow(), habits.assignByStream(), true, habits.dataCenter()));
    }

    /** Reads from servers of this data center first. */
    public ClientOptions near(String dataCenter) {
        return with(new Habits(habits.follow(), habits.assignByStream(), habits.publicUrls(), dataCenter));
    }

    private ClientOptions with(Habits other) {
        return new ClientOptions(masters, patience, requestTimeout, chunks, other, ticker);
    }
}
