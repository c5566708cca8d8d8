package dev.kelpfs.master.collection;

import dev.kelpfs.master.servers.VolumeServers;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.wire.volume.DeleteCollectionRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes collections. All servers are asked at once; one that refuses does not keep the others from deleting, and success
 * is only said when no server that is known to hold a volume still has it. Safe for all threads.
 */
public final class CollectionRemover {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionRemover.class);
    /** Unlinking thousands of large files takes its time. */
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    /** What a deletion came to. */
    public sealed interface Result {
        /** Nothing of it is left. @param servers how many had volumes of it */
        record Removed(int servers) implements Result {}

        /** No server ever said that it holds a volume of it, and nobody asked for one. */
        record Unknown() implements Result {}

        /** Something is left. @param reason says where, why, and what to do */
        record Incomplete(String reason) implements Result {}
    }

    private final LiveTopology topology;
    private final VolumeServers servers;
    private final Function<String, List<String>> absentHolders;
    private final ExecutorService threads;

    /**
     * @param absentHolders ids of servers that are not connected and held volumes of a collection when they last were
     * @param threads may hold many blocked tasks
     */
    public CollectionRemover(
            LiveTopology topology, VolumeServers servers, Function<String, List<String>> absentHolders, ExecutorService threads) {
        this.topology = topology;
        this.servers = servers;
        this.absentHolders = absentHolders;
        this.threads = threads;
    }

    /** Ids of servers that are not connected and held volumes of a collection when they last were. */
    public List<String> absentHolders(String collection) {
        return absentHolders.apply(collection);
    }

    /** Deletes all volumes of a collection, normal and erasure coded; the empty name is the default collection. */
    public Result remove(String collection) throws InterruptedException {
        List<Place> holders = topology.holders(collection);
        List<String> absent = absentHolders.apply(collection);
        if (holders.isEmpty() && absent.isEmpty()) {
            return topology.forgetCollection(collection) ? new Result.Removed(0) : new Result.Unknown();
        }
        List<Future<String>> deletions = new ArrayList<>();
        for (Place holder : holders) deletions.add(threads.submit(() -> removeOn(holder, collection)));
        List<String> failures = new ArrayList<>();
        for (Future<String> deletion : deletions) {
            String failure = result(deletion);
            if (!failure.isEmpty()) failures.add(failure);
        }
        if (!absent.isEmpty()) {
            failures.add("not connected, but holding volumes of it, " + (absent.size() == 1 ? "is " : "are ")
                    + String.join(", ", absent));
        }
        LOG.info("Collection \"{}\" was deleted on {} of {} servers{}", collection, holders.size() - failed(failures, absent),
                holders.size() + absent.size(), failures.isEmpty() ? "" : "; " + String.join("; ", failures));
        if (failures.isEmpty()) {
            topology.forgetCollection(collection);
            return new Result.Removed(holders.size());
        }
        return new Result.Incomplete("collection \"" + collection + "\" is not wholly deleted: " + String.join("; ", failures)
                + ". Delete it again when that is mended");
    }

    private static int failed(List<String> failures, List<String> absent) {
        return absent.isEmpty() ? failures.size() : failures.size() - 1;
    }

    /** @return why it failed; empty if it did not */
    private String removeOn(Place holder, String collection) {
        DeleteCollectionRequest request = DeleteCollectionRequest.newBuilder().setCollection(collection).build();
        try {
            servers.call(holder, DEADLINE, "did not delete it", stub -> stub.deleteCollection(request));
        } catch (IOException failed) {
            return String.valueOf(failed.getMessage());
        }
        topology.collectionRemoved(holder.nodeId(), collection);
        return "";
    }

    private static String result(Future<String> deletion) throws InterruptedException {
        try {
            return deletion.get();
        } catch (ExecutionException failed) {
            return String.valueOf(failed.getCause());
        }
    }
}
