package dev.kelpfs.master.web;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.Routes;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.mirror.MirroredVolumes;
import dev.kelpfs.master.topology.Whereabouts.Found;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Which handler answers which path of {@code master.follower}: lookups, health and state. Everything else is refused with a
 * sentence that says whom to ask. Source: master, section 2.
 */
public final class MirrorRoutes {
    private static final List<String> BUSINESS_OF_MASTERS = List.of(
            "/dir/assign", "/dir/status", "/vol/status", "/vol/grow", "/vol/vacuum", "/collection/info", "/col/delete", "/submit");

    private final Parts parts;
    private final LookupHandler lookup;

    /**
     * What the handlers ask.
     *
     * @param self how this process calls itself now
     * @param random gives a number of 0 (inclusive) to its argument (exclusive); safe for all threads
     */
    public record Parts(
            Supplier<ServerAddress> self, MirroredVolumes volumes, TokenSigner writeTokens, TokenSigner readTokens,
            WhiteList whiteList, IntUnaryOperator random) {}

    private MirrorRoutes(Parts parts) {
        this.parts = parts;
        this.lookup = lookup(parts.volumes::find);
    }

    /** All routes of a process that only answers lookups. */
    public static Routes of(Parts parts) {
        return new MirrorRoutes(parts).routes();
    }

    private LookupHandler lookup(Function<VolumeId, Found> where) {
        return new LookupHandler(
                (volume, collection) -> where.apply(volume), parts.writeTokens, parts.readTokens, parts.random);
    }

    private Routes routes() {
        Routes.Builder routes = Routes.builder()
                .get("/healthz", exchange -> exchange.reply(Reply.of(200)))
                .get("/readyz", exchange -> exchange.reply(ready()))
                .get("/cluster/healthz", exchange -> exchange.reply(ready()))
                .get("/cluster/status", exchange ->
                        exchange.reply(Replies.json(200, status(), Parameters.of(exchange.request()))))
                .get("/", exchange -> exchange.reply(page()))
                .get("/ui/index.html", exchange -> exchange.reply(page()))
                .any("/dir/lookup", guarded(ParameterHandler.at(this::lookup)));
        for (String path : BUSINESS_OF_MASTERS) {
            routes.any(path, exchange -> exchange.reply(Replies.error(406, notMine(), Parameters.of(exchange.request()))));
        }
        return routes.fallback(ParameterHandler.at(this::redirect)).build();
    }

    private void lookup(Exchange exchange, Parameters parameters) {
        if (lookup.canAnswer(parameters)) {
            exchange.reply(lookup.lookup(parameters));
            return;
        }
        VolumeId volume = LookupHandler.wanted(parameters).orElseThrow();
        exchange.offload(request -> lookup(parts.volumes.ask(Set.of(volume))).lookup(parameters));
    }

    private void redirect(Exchange exchange, Parameters parameters) {
        Request asked = exchange.request();
        if (lookup.canRedirect(asked, parameters)) {
            exchange.reply(lookup.redirect(asked, parameters));
            return;
        }
        VolumeId volume = LookupHandler.wanted(asked).orElseThrow();
        exchange.offload(request -> lookup(parts.volumes.ask(Set.of(volume))).redirect(request, parameters));
    }

    private Reply ready() {
        if (parts.volumes.isComplete()) return Reply.of(200);
        return Reply.error(503, "no leading master has told yet where the volumes are; asked are " + parts.volumes.masters());
    }

    private String notMine() {
        return "this is a master.follower, which answers lookups and nothing else; ask a master: "
                + parts.volumes.leader().map(ServerAddress::http).orElse("one of " + parts.volumes.masters());
    }

    private String status() {
        MirroredVolumes volumes = parts.volumes;
        return Json.object(json -> {
            json.put("Kind", "master.follower");
            json.putIfAny("Leader", volumes.leader().map(ServerAddress::withBothPorts).orElse(""));
            json.raw("Masters", Json.array(volumes.masters().stream().map(master -> '"' + master.withBothPorts() + '"').toList()));
            json.put("Complete", volumes.isComplete());
            json.put("Volumes", volumes.count());
        });
    }

    private Reply page() {
        MirroredVolumes volumes = parts.volumes;
        String name = StatusPage.escape(parts.self.get().http());
        String follows = volumes.leader()
                .map(address -> StatusPage.escape(address.http()))
                .map(address -> "It follows the master <a href=\"http://" + address + "/\">" + address + "</a>")
                .orElse("It reaches no leading master; asked are " + StatusPage.escape(volumes.masters().toString()));
        String known = volumes.isComplete()
                ? " and knows where " + volumes.count() + " volumes are."
                : ". Nobody has told it yet where the volumes are.";
        String html = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Kelp master.follower " + name
                + "</title></head><body><h1>Kelp master.follower " + name + "</h1><p>This process answers lookups and nothing"
                + " else. It is no member of the masters and has no vote.</p><p>" + follows + known + "</p></body></html>\n";
        return Reply.of(200).header(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8").body(html);
    }

    private LoopHandler guarded(LoopHandler handler) {
        if (parts.whiteList.admitsAll()) return handler;
        return exchange -> {
            if (parts.whiteList.admits(exchange.request().remoteAddress().getAddress())) handler.handle(exchange);
            else exchange.reply(Reply.of(401));
        };
    }
}
