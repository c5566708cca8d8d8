package dev.kelpfs.http;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What an HTTP server is told at its start.
 *
 * @param addresses where to listen, see {@link ListenAddresses}; with port 0 in the first, all listen on the port that it
 *     was given
 * @param alsoOn addresses that are a convenience: one that is taken is logged and does without; port 0 as above
 * @param errors makes answers of failures
 * @param observer sees every exchange
 */
public record HttpServerOptions(
        List<InetSocketAddress> addresses,
        List<InetSocketAddress> alsoOn,
        HttpLimits limits,
        HttpTimeouts timeouts,
        ErrorReplies errors,
        ExchangeObserver observer) {

    public HttpServerOptions {
        addresses = List.copyOf(addresses);
        alsoOn = List.copyOf(alsoOn);
        if (addresses.isEmpty()) throw new IllegalArgumentException("a server needs an address to listen on");
    }

    /** Default limits and timeouts, errors in plain text, nobody observes. */
    public static HttpServerOptions on(List<InetSocketAddress> addresses) {
        return new HttpServerOptions(addresses, List.of(), HttpLimits.defaults(), HttpTimeouts.defaults(),
                ErrorReplies.plainText(), ExchangeObserver.NONE);
    }

    public HttpServerOptions withAlsoOn(List<InetSocketAddress> changed) {
        return new HttpServerOptions(addresses, changed, limits, timeouts, errors, observer);
    }

    public HttpServerOptions withLimits(HttpLimits changed) {
        return new HttpServerOptions(addresses, alsoOn, changed, timeouts, errors, observer);
    }

    public HttpServerOptions withTimeouts(HttpTimeouts changed) {
        return new HttpServerOptions(addresses, alsoOn, limits, changed, errors, observer);
    }

    public HttpServerOptions withErrors(ErrorReplies changed) {
        return new HttpServerOptions(addresses, alsoOn, limits, timeouts, changed, observer);
    }

    public HttpServerOptions withObserver(ExchangeObserver changed) {
        return new HttpServerOptions(addresses, alsoOn, limits, timeouts, errors, changed);
    }
}
