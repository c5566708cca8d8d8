package dev.kelpfs.master.web;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.Routes;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.follow.HttpForward;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.topology.VolumePlaces;
import dev.kelpfs.master.topology.Whereabouts;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Which handler answers which path of a master that does not lead: lookups from the registry, its own health and state, and
 * everything else by the leader. A volume that the registry does not know may have come a moment ago, so the leader is asked
 * before "not found" is said. Source: master, section 3.2.
 */
public final class FollowerRoutes {
    private final Parts parts;
    private final LookupHandler lookup;

    /**
     * What the handlers ask.
     *
     * @param locate where volumes are by the registry; must not wait
     * @param waitsFor what keeps this master from taking part, for people; empty if nothing does
     * @param random gives a number of 0 (inclusive) to its argument (exclusive); safe for all threads
     * @param api false leaves only status and health
     */
    public record Parts(
            Standing standing, Function<VolumeId, Optional<VolumePlaces>> locate, HttpForward forward, Supplier<String> waitsFor,
            TokenSigner writeTokens, TokenSigner readTokens, WhiteList whiteList, IntUnaryOperator random, boolean api) {}

    private FollowerRoutes(Parts parts) {
        this.parts = parts;
        this.lookup = new LookupHandler(
                new Whereabouts(parts.locate, askTheLeader -> List.of(), () -> false)::find,
                parts.writeTokens, parts.readTokens, parts.random);
    }

    /** All routes of a master that does not lead. */
    public static Routes of(Parts parts) {
        return new FollowerRoutes(parts).routes();
    }

    private Routes routes() {
        Routes.Builder routes = Routes.builder()
                .get("/healthz", exchange -> exchange.reply(Reply.of(200)))
                .get("/readyz", exchange -> exchange.reply(ready()))
                .get("/cluster/status", this::clusterStatus)
                .any("/cluster/status", exchange -> exchange.reply(Replies.readOnly()))
                .get("/cluster/healthz", exchange -> exchange.reply(ready()))
                .any("/cluster/healthz", exchange -> exchange.reply(Replies.readOnly()))
                .get("/favicon.ico", exchange -> exchange.reply(Replies.icon()))
                .get("/", exchange -> page(exchange))
                .get("/ui/index.html", exchange -> exchange.reply(ownPage()));
        if (!parts.api) return routes.fallback(exchange -> exchange.reply(Reply.error(404, "404 page not found"))).build();
        LoopHandler atLeader = guarded(parts.forward::forward);
        return routes
                .any("/dir/assign", atLeader)
                .any("/dir/lookup", guarded(this::lookup))
                .any("/dir/status", atLeader)
                .any("/vol/status", atLeader)
                .any("/vol/grow", atLeader)
                .any("/vol/vacuum", atLeader)
                .any("/collection/info", atLeader)
                .any("/col/delete", atLeader)
                .any("/submit", atLeader)
                .fallback(this::redirect)
                .build();
    }

    private Reply ready() {
        return Reply.of(parts.standing.leader().isPresent() ? 200 : 503);
    }

    private void clusterStatus(Exchange exchange) {
        exchange.reply(Replies.json(200, ClusterJson.of(parts.standing, parts.waitsFor.get()), Parameters.of(exchange.request())));
    }

    private void lookup(Exchange exchange) {
        Request request = exchange.request();
        Parameters parameters = Parameters.of(request);
        // What stands in a form is read by the leader; nobody but people at a shell asks that way.
        if (request.contentLength() == 0 && lookup.canAnswer(parameters)) exchange.reply(lookup.lookup(parameters));
        else parts.forward.forward(exchange);
    }

    private void redirect(Exchange exchange) {
        Request request = exchange.request();
        Parameters parameters = Parameters.of(request);
        if (lookup.canRedirect(request, parameters)) exchange.reply(lookup.redirect(request, parameters));
        else parts.forward.forward(exchange);
    }

    private void page(Exchange exchange) {
        if (parts.standing.leader().isPresent()) parts.forward.forward(exchange);
        else exchange.reply(ownPage());
    }

    private Reply ownPage() {
        Standing standing = parts.standing;
        String name = StatusPage.escape(standing.address().http());
        String leader = standing.leader()
                .map(address -> StatusPage.escape(address.http()))
                .map(address -> "<a href=\"http://" + address + "/\">" + address + "</a>")
                .orElse("none known");
        String waitsFor = parts.waitsFor.get();
        String page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Kelp master " + name + "</title></head><body>"
                + "<h1>Kelp master " + name + "</h1><p>This master does not lead. Leader: " + leader + ", term " + standing.term()
                + ". Cluster: " + StatusPage.escape(standing.clusterId()) + ".</p>"
                + (waitsFor.isEmpty() ? "" : "<p>It waits for: " + StatusPage.escape(waitsFor) + "</p>")
                + (standing.failure().isEmpty() ? "" : "<p>" + StatusPage.escape(standing.failure()) + "</p>")
                + "</body></html>\n";
        return Reply.of(200).header(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8").body(page);
    }

    private LoopHandler guarded(LoopHandler handler) {
        if (parts.whiteList.admitsAll()) return handler;
        return exchange -> {
            if (parts.whiteList.admits(exchange.request().remoteAddress().getAddress())) handler.handle(exchange);
            else exchange.reply(Reply.of(401));
        };
    }
}
