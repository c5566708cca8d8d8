package dev.kelpfs.master.web;

import dev.kelpfs.http.Reply;
import dev.kelpfs.master.assign.AssignForm;
import dev.kelpfs.master.growth.Grower;
import dev.kelpfs.master.growth.Growth;
import dev.kelpfs.master.growth.GrowthRequest;
import dev.kelpfs.master.growth.GrowthSettings;
import dev.kelpfs.master.placement.Spot;
import dev.kelpfs.master.topology.LiveTopology;
import java.util.OptionalLong;

/** {@code /vol/grow}: makes volumes because somebody said so. Source: master, section 3.6. */
final class GrowHandler {
    private static final int LONGEST_SECONDS = 120;

    private final Grower grower;
    private final LiveTopology topology;
    private final AssignForm.Defaults defaults;

    GrowHandler(Grower grower, LiveTopology topology, AssignForm.Defaults defaults) {
        this.grower = grower;
        this.topology = topology;
        this.defaults = defaults;
    }

    Reply grow(Parameters parameters) throws InterruptedException {
        GrowthRequest request;
        long count;
        try {
            count = count(parameters);
            AssignForm form = AssignHandler.form(parameters);
            request = withCount(form, (int) count).readGrowth(defaults);
        } catch (IllegalArgumentException unreadable) {
            return Replies.error(406, String.valueOf(unreadable.getMessage()), parameters);
        }
        if (count == 0) return grown(0, parameters);
        long free = topology.spots(request.key().diskType()).stream().mapToLong(Spot::freeSlots).filter(slots -> slots > 0).sum();
        long wanted = count * request.key().replication().copies();
        if (free < wanted) {
            return Replies.error(406, "only " + free + " volumes left, not enough for " + wanted
                    + "; start a volume server, or allow more volumes with -max", parameters);
        }
        return switch (grower.grow(request).await(LONGEST_SECONDS)) {
            case Growth.Result.Grown(_, int replicas, String shortfall) -> shortfall.isEmpty()
                    ? grown(replicas, parameters)
                    : Replies.error(406, replicas + " volumes were made, no more: " + shortfall, parameters);
            case Growth.Result.Impossible(var reason) -> refused(reason, parameters);
            case Growth.Result.NoSlots(var reason) -> refused(reason, parameters);
            case Growth.Result.Failed(var reason) -> Replies.error(406, reason, parameters);
            case Growth.Result.Running() -> Replies.error(503,
                    "the volumes are still being made; /dir/status shows those that are there", parameters).header("Retry-After", "10");
        };
    }

    private static long count(Parameters parameters) {
        String text = parameters.text("count");
        OptionalLong count;
        try {
            count = parameters.number("count");
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("can not parse parameter count " + text, unreadable);
        }
        if (count.isEmpty() || count.getAsLong() < 0) throw new IllegalArgumentException("can not parse parameter count " + text);
        if (count.getAsLong() > GrowthSettings.MAX_VOLUMES) {
            throw new IllegalArgumentException("count must be at most " + GrowthSettings.MAX_VOLUMES + ", got " + text);
        }
        return count.getAsLong();
    }

    private static AssignForm withCount(AssignForm form, int volumes) {
        return new AssignForm(1, form.collection(), form.replication(), form.ttl(), form.diskType(), form.dataCenter(),
                form.rack(), form.dataNode(), 0, volumes, form.preallocateBytes(), form.memoryMapMaxSizeMib());
    }

    private static Reply grown(long replicas, Parameters parameters) {
        return Replies.json(200, Json.object(json -> json.put("count", replicas)), parameters);
    }

    private static Reply refused(String reason, Parameters parameters) {
        return Replies.error(406, "No matching data node found! " + reason, parameters);
    }
}
