package dev.kelpfs.volume.status;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Routes;
import dev.kelpfs.storage.Store;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The routes that tell how the server is. Health is a purely local matter: a server without a master is healthy, one that
 * stops or took leave is not.
 *
 * @param refusal why a leader of another cluster is refused; empty if there is none
 * @param page whether the status page is shown
 */
public record StatusRoutes(
        Store store, Supplier<Optional<ServerAddress>> master, Supplier<String> refusal, BooleanSupplier leaving, boolean page) {
    private static final String STATUS = "/status";
    private static final String HEALTH = "/healthz";
    private static final String READINESS = "/readyz";
    private static final String PAGE = "/ui/index.html";

    /** The paths of these routes. */
    public static Set<String> paths() {
        return Set.of(STATUS, HEALTH, READINESS, PAGE);
    }

    public void addTo(Routes.Builder routes) {
        routes.any(STATUS, LoopHandler.blocking(request -> {
            String json = StatusJson.of(store.report(), refusal.get());
            boolean pretty = !request.parameter("pretty").orElse("").isEmpty();
            return Reply.json(200, pretty ? PrettyJson.of(json) : json);
        }));
        LoopHandler health = exchange -> exchange.reply(Reply.of(leaving.getAsBoolean() ? 503 : 200));
        routes.any(HEALTH, health).any(READINESS, health);
        if (page) {
            routes.get(PAGE, LoopHandler.blocking(request -> Reply.of(200)
                    .header("Content-Type", "text/html; charset=utf-8")
                    .body(StatusPage.of(
                            store.report(), master.get().map(ServerAddress::toString).orElse(""), refusal.get()))));
        }
    }
}
