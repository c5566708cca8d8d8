package dev.kelpfs.master.web;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Routes;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.master.assign.AssignForm;
import dev.kelpfs.master.assign.Assigner;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.collection.CollectionRemover;
import dev.kelpfs.master.growth.Grower;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.Whereabouts;
import dev.kelpfs.master.topology.VolumeFilter;
import dev.kelpfs.master.vacuum.Vacuumer;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Which handler answers which path of a master. Source: master, section 3.2. */
public final class MasterRoutes {

    private final Parts parts;
    private final AssignHandler assign;
    private final LookupHandler lookup;
    private final GrowHandler grow;
    private final CollectionHandler collection;
    private final VacuumHandler vacuum;
    private final SubmitHandler submit;
    private final StatusPage page;

    /**
     * What the handlers ask.
     *
     * @param random gives a number of 0 (inclusive) to its argument (exclusive); safe for all threads
     * @param garbageThreshold where a request names none
     * @param threads for work that goes on when its client leaves
     * @param api false leaves only status and health
     */
    public record Parts(
            Standing standing, LiveTopology topology, Whereabouts whereabouts, Assigner assigner,
            Grower grower, CollectionRemover collections, Vacuumer vacuumer, FileRelay relay, AssignForm.Defaults defaults,
            TokenSigner writeTokens, TokenSigner readTokens, WhiteList whiteList, Ticker ticker, IntUnaryOperator random,
            Supplier<String> waitsFor,
            int sizeLimitMib, double garbageThreshold, ExecutorService threads, boolean api) {}

    private MasterRoutes(Parts parts) {
        this.parts = parts;
        this.assign = new AssignHandler(parts.assigner, parts.defaults, parts.writeTokens);
        this.lookup = new LookupHandler(parts.whereabouts::find, parts.writeTokens, parts.readTokens, parts.random);
        this.grow = new GrowHandler(parts.grower, parts.topology, parts.defaults);
        this.vacuum = new VacuumHandler(parts.vacuumer, parts.garbageThreshold, parts.threads, this::directoryStatus);
        this.submit = new SubmitHandler(parts.assigner, parts.defaults, parts.writeTokens, parts.relay, parts.ticker);
        this.collection = new CollectionHandler(parts.topology, parts.collections, (long) parts.sizeLimitMib << 20);
        this.page = new StatusPage(parts.standing, parts.topology, parts.sizeLimitMib, parts.waitsFor);
    }

    /** All routes of a master. */
    public static Routes of(Parts parts) {
        return new MasterRoutes(parts).routes();
    }

    private Routes routes() {
        Routes.Builder routes = Routes.builder()
                .get("/healthz", exchange -> exchange.reply(Reply.of(200)))
                .get("/readyz", exchange -> exchange.reply(ready()))
                .get("/cluster/status", ParameterHandler.at(this::clusterStatus))
                .any("/cluster/status", exchange -> exchange.reply(Replies.readOnly()))
                .get("/cluster/healthz", exchange -> exchange.reply(ready()))
                .any("/cluster/healthz", exchange -> exchange.reply(Replies.readOnly()))
                .get("/favicon.ico", exchange -> exchange.reply(Replies.icon()))
                .get("/", LoopHandler.blocking(request -> html()))
                .get("/ui/index.html", LoopHandler.blocking(request -> html()));
        if (!parts.api) return routes.fallback(exchange -> exchange.reply(Reply.error(404, "404 page not found"))).build();
        return routes
                .any("/dir/assign", guarded(assign::handle))
                .any("/dir/lookup", guarded(answered(lookup::lookup)))
                .any("/dir/status", guarded(blocking(this::directoryStatus)))
                .any("/vol/status", guarded(blocking(this::volumeStatus)))
                .any("/vol/grow", guarded(blocking(grow::grow)))
                .any("/collection/info", guarded(blocking(collection::info)))
                .any("/vol/vacuum", guarded(blocking(vacuum::vacuum)))
                .any("/col/delete", guarded(blocking(collection::delete)))
                .any("/submit", admitted(submit::handle))
                .fallback(ParameterHandler.at(
                        (exchange, parameters) -> exchange.reply(lookup.redirect(exchange.request(), parameters))))
                .build();
    }

    private Reply ready() {
        return Reply.of(parts.standing.leader().isPresent() ? 200 : 503);
    }

    private void clusterStatus(Exchange exchange, Parameters parameters) {
        exchange.reply(Replies.json(200, ClusterJson.of(parts.standing, parts.waitsFor.get()), parameters));
    }

    private Reply html() {
        return Reply.of(200).header(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8").body(page.html());
    }

    private Reply directoryStatus(Parameters parameters) {
        String json = TopologyJson.of(parts.topology.nodes(), parts.topology.layouts(), parts.standing.clusterId());
        return Replies.json(200, json, parameters);
    }

    private Reply volumeStatus(Parameters parameters) {
        return Replies.json(200, VolumesJson.of(parts.topology.describe(VolumeFilter.ALL)), parameters);
    }

    private static ParameterHandler answered(Function<Parameters, Reply> handler) {
        return (exchange, parameters) -> exchange.reply(handler.apply(parameters));
    }

    /** A handler that may wait. */
    @FunctionalInterface
    private interface Patient {
        Reply handle(Parameters parameters) throws Exception;
    }

    private static ParameterHandler blocking(Patient handler) {
        return (exchange, parameters) -> exchange.offload(request -> handler.handle(parameters));
    }

    private LoopHandler guarded(ParameterHandler handler) {
        return admitted(ParameterHandler.at(handler));
    }

    private LoopHandler admitted(LoopHandler open) {
        if (parts.whiteList.admitsAll()) return open;
        return exchange -> {
            if (parts.whiteList.admits(exchange.request().remoteAddress().getAddress())) open.handle(exchange);
            else exchange.reply(Reply.of(401));
        };
    }
}
