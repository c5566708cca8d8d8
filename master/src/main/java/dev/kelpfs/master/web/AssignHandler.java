package dev.kelpfs.master.web;

import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.JsonText;
import dev.kelpfs.http.Reply;
import dev.kelpfs.master.assign.AssignForm;
import dev.kelpfs.master.assign.AssignOutcome;
import dev.kelpfs.master.assign.AssignWish;
import dev.kelpfs.master.assign.Assigner;
import dev.kelpfs.master.follow.HttpForward;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.topology.Place;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /dir/assign}: on the event loop if an id is at hand, else on a thread that waits. Source: master, section 3.3. */
final class AssignHandler {
    private static final long MAX_UINT32 = 0xffff_ffffL;

    private final Assigner assigner;
    private final AssignForm.Defaults defaults;
    private final TokenSigner tokens;

    AssignHandler(Assigner assigner, AssignForm.Defaults defaults, TokenSigner tokens) {
        this.assigner = assigner;
        this.defaults = defaults;
        this.tokens = tokens;
    }

    void handle(Exchange exchange, Parameters parameters) {
        AssignWish wish;
        try {
            wish = form(parameters).read(defaults);
        } catch (IllegalArgumentException unreadable) {
            exchange.reply(error(406, String.valueOf(unreadable.getMessage()), parameters));
            return;
        }
        Optional<AssignOutcome.Assigned> now = assigner.assignNow(wish);
        if (now.isPresent()) exchange.reply(assigned(now.get(), parameters));
        else exchange.offload(request -> render(assigner.assign(wish, request::isAbandoned), parameters));
    }

    /** The options of an assignment, which {@code /vol/grow} takes too. */
    static AssignForm form(Parameters parameters) {
        OptionalLong memoryMap = parameters.number("memoryMapMaxSizeMb");
        if (memoryMap.orElse(0) < 0 || memoryMap.orElse(0) > MAX_UINT32) {
            throw new IllegalArgumentException("memoryMapMaxSizeMb must be 0 to " + MAX_UINT32 + ", got " + memoryMap.orElse(0));
        }
        return new AssignForm(
                parameters.unsignedOr("count", 1), parameters.text("collection"), parameters.text("replication"),
                parameters.text("ttl"), parameters.text("disk"), parameters.text("dataCenter"), parameters.text("rack"),
                parameters.text("dataNode"), Math.max(0, parameters.unsignedOr("dataSize", 0)),
                parameters.countOrZero("writableVolumeCount"), parameters.number("preallocate"), (int) memoryMap.orElse(0));
    }

    private Reply render(AssignOutcome outcome, Parameters parameters) {
        return switch (outcome) {
            case AssignOutcome.Assigned assigned -> assigned(assigned, parameters);
            case AssignOutcome.Later(var reason, var seconds) ->
                error(503, reason, parameters).header("Retry-After", Integer.toString(seconds));
            case AssignOutcome.NotLeading() -> notLeading(parameters);
            case AssignOutcome.UnknownDataCenter(var reason) -> error(400, reason, parameters);
            case AssignOutcome.Refused(var reason) -> error(406, reason, parameters);
        };
    }

    /** Nothing was given out, so a master that asked for somebody else may ask the next leader. */
    static Reply notLeading(Parameters parameters) {
        return error(503, "this master may lead no more; try again in a moment", parameters)
                .header("Retry-After", "1").header(HttpForward.NOT_LEADER, "1");
    }

    private Reply assigned(AssignOutcome.Assigned assigned, Parameters parameters) {
        Place place = assigned.places().getFirst();
        String fid = assigned.first().toString();
        String json = "{\"fid\":\"" + fid + "\",\"url\":" + JsonText.quote(place.url())
                + ",\"publicUrl\":" + JsonText.quote(place.publicUrl()) + ",\"count\":" + assigned.count() + "}";
        Reply reply = Reply.json(200, parameters.isPretty() ? Json.indented(json) : json);
        String token = tokens.sign(fid);
        return token.isEmpty() ? reply : reply.header("Authorization", "Bearer " + token);
    }

    private static Reply error(int status, String reason, Parameters parameters) {
        return Replies.error(status, reason, parameters);
    }
}
