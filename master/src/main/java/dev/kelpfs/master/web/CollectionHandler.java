package dev.kelpfs.master.web;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.http.Reply;
import dev.kelpfs.master.collection.CollectionRemover;
import dev.kelpfs.master.topology.CollectionSummary;
import dev.kelpfs.master.topology.LiveTopology;
import java.util.List;

/** {@code /collection/info}: what a collection holds, as last reported; {@code /col/delete}. Source: master, section 3.6. */
final class CollectionHandler {
    private final LiveTopology topology;
    private final CollectionRemover remover;
    private final long sizeLimitBytes;

    CollectionHandler(LiveTopology topology, CollectionRemover remover, long sizeLimitBytes) {
        this.topology = topology;
        this.remover = remover;
        this.sizeLimitBytes = sizeLimitBytes;
    }

    Reply info(Parameters parameters) {
        String name = parameters.text("collection");
        if (name.isEmpty()) return Replies.error(400, "collection is required", parameters);
        List<CollectionSummary> found = topology.collections(name::equals);
        if (found.isEmpty()) return unknown(name, parameters);
        List<CollectionSummary.Usage> layouts = found.getFirst().layouts();
        if (parameters.text("detail").equals("true")) {
            List<String> objects = layouts.stream().map(layout -> usage(name, List.of(layout)).end()).toList();
            return Replies.json(200, Json.array(objects), parameters);
        }
        return Replies.json(200, usage(name, layouts).put("VolumeCount", layouts.size()).end(), parameters);
    }

    private Reply unknown(String name, Parameters parameters) {
        List<String> away = remover.absentHolders(name);
        if (away.isEmpty()) return Replies.error(400, "collection " + name + " does not exist", parameters);
        return Replies.error(503, "collection " + name + " is on " + String.join(", ", away)
                + ", and none of these is connected; start one", parameters).header("Retry-After", "1");
    }

    /** Deletes a collection everywhere. The default one has no name that could be given by mistake, so it is not deleted here. */
    Reply delete(Parameters parameters) throws InterruptedException {
        String name = parameters.text("collection");
        if (name.isEmpty()) {
            return Replies.error(400, "collection is required; the default collection can only be deleted in weed shell,"
                    + " by collection.delete -collection=_default_", parameters);
        }
        return switch (remover.remove(name)) {
            case CollectionRemover.Result.Removed _ -> Reply.of(204);
            case CollectionRemover.Result.Unknown() -> Replies.error(400, "collection " + name + " does not exist", parameters);
            case CollectionRemover.Result.Incomplete(var reason) -> Replies.error(500, reason, parameters);
        };
    }

    private Json usage(String name, List<CollectionSummary.Usage> layouts) {
        long replicas = layouts.stream().mapToLong(CollectionSummary.Usage::replicas).sum();
        return new Json()
                .put("Version", KelpVersion.full())
                .put("Collection", name)
                .put("TotalSize", replicas * sizeLimitBytes)
                .put("FileCount", layouts.stream().mapToLong(CollectionSummary.Usage::allCopiesLiveFiles).sum())
                .put("UsedSize", layouts.stream().mapToLong(CollectionSummary.Usage::allCopiesLiveBytes).sum());
    }
}
