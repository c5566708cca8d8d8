package dev.kelpfs.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who answers what, by decoded path and method: exact paths first, then the longest prefix, then the fallback. A route
 * that knows the path but not the method is passed over; if nobody is left the answer is 405 where a path was known,
 * else 404. GET routes answer HEAD too. Immutable; safe for all threads.
 */
public final class Routes implements LoopHandler {
    private final Map<String, Route> exact;
    private final List<Prefix> prefixes;
    private final Route fallback;
    private final boolean cleanPaths;

    private Routes(Builder builder) {
        exact = Map.copyOf(builder.exact);
        prefixes = builder.prefixes.entrySet().stream()
                .map(entry -> new Prefix(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt((Prefix prefix) -> prefix.start.length()).reversed())
                .toList();
        fallback = builder.fallback;
        cleanPaths = builder.cleanPaths;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Has a request answered by these routes, whatever others the server has. */
    @Override
    public void handle(Exchange exchange) throws Exception {
        find(exchange.request()).handle(exchange);
    }

    /**
     * The handler of a request.
     *
     * @throws HttpException 404 or 405 if there is none
     */
    LoopHandler find(Request request) {
        String path = request.path();
        HttpMethod method = request.method();
        if (cleanPaths && !CleanPath.isClean(path) && !HttpMethod.CONNECT.equals(method)) {
            return exchange -> exchange.reply(CleanPath.redirect(exchange.request()));
        }
        boolean pathKnown = false;
        Route route = exact.get(path);
        if (route != null) {
            LoopHandler handler = route.handler(method);
            if (handler != null) return handler;
            pathKnown = true;
        }
        for (int i = 0; i < prefixes.size(); i++) {
            Prefix prefix = prefixes.get(i);
            if (!path.startsWith(prefix.start)) continue;
            LoopHandler handler = prefix.route.handler(method);
            if (handler != null) return handler;
            pathKnown = true;
        }
        LoopHandler handler = fallback.handler(method);
        if (handler != null) return handler;
        if (pathKnown) throw new HttpException(405, "method " + method + " is not allowed here");
        throw new HttpException(404, "404 page not found");
    }

    private record Prefix(String start, Route route) {}

    /** Handlers of one path by method. Filled by the builder, then only read. */
    private static final class Route {
        private final Map<HttpMethod, LoopHandler> byMethod = new HashMap<>(4);
        private @Nullable LoopHandler any;

        @Nullable LoopHandler handler(HttpMethod method) {
            LoopHandler found = byMethod.get(method);
            if (found == null && HttpMethod.HEAD.equals(method)) found = byMethod.get(HttpMethod.GET);
            return found == null ? any : found;
        }

        void put(HttpMethod method, LoopHandler handler) {
            if (byMethod.putIfAbsent(method, handler) != null) {
                throw new IllegalArgumentException("two handlers for one path and the method " + method);
            }
        }

        void putAny(LoopHandler handler) {
            if (any != null) throw new IllegalArgumentException("two handlers for one path and any method");
            any = handler;
        }
    }

    /** Collects routes; a second handler for the same path and method is refused. */
    public static final class Builder {
        private final Map<String, Route> exact = new HashMap<>();
        private final Map<String, Route> prefixes = new HashMap<>();
        private final Route fallback = new Route();
        private boolean cleanPaths;

        private Builder() {}

        /** GET and HEAD of exactly this decoded path. */
        public Builder get(String path, LoopHandler handler) {
            return on(HttpMethod.GET, path, handler);
        }

        /** One method of exactly this decoded path. */
        public Builder on(HttpMethod method, String path, LoopHandler handler) {
            route(exact, path).put(method, handler);
            return this;
        }

        /** Every method of this path that has no handler of its own. */
        public Builder any(String path, LoopHandler handler) {
            route(exact, path).putAny(handler);
            return this;
        }

        /** One method of all paths that begin like this. */
        public Builder onPrefix(HttpMethod method, String prefix, LoopHandler handler) {
            route(prefixes, prefix).put(method, handler);
            return this;
        }

        /** Every method of all paths that begin like this. */
        public Builder anyPrefix(String prefix, LoopHandler handler) {
            route(prefixes, prefix).putAny(handler);
            return this;
        }

        /** One method of all paths that nobody else wants. */
        public Builder fallback(HttpMethod method, LoopHandler handler) {
            fallback.put(method, handler);
            return this;
        }

        /** Everything that nobody else wants. */
        public Builder fallback(LoopHandler handler) {
            fallback.putAny(handler);
            return this;
        }

        /** Redirects (307) paths with {@code //}, {@code .} or {@code ..} segments to the clean path. */
        public Builder cleanPaths() {
            cleanPaths = true;
            return this;
        }

        public Routes build() {
            return new Routes(this);
        }

        private static Route route(Map<String, Route> routes, String path) {
            if (!path.startsWith("/")) throw new IllegalArgumentException("a path starts with /, got \"" + path + "\"");
            return routes.computeIfAbsent(path, unused -> new Route());
        }
    }
}
