package dev.kelpfs.master.web;

import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Request;
import io.netty.handler.codec.http.HttpHeaderNames;

/** Handles a request on the event loop, with its parameters at hand. */
@FunctionalInterface
interface ParameterHandler {
    int MAX_FORM_BYTES = 64 << 10;

    void handle(Exchange exchange, Parameters parameters) throws Exception;

    /** Brings the parameters, those of a form in the body included. */
    static LoopHandler at(ParameterHandler handler) {
        return exchange -> {
            Request request = exchange.request();
            if (!hasForm(request)) {
                handler.handle(exchange, Parameters.of(request));
                return;
            }
            exchange.collect(MAX_FORM_BYTES, body -> {
                try {
                    handler.handle(exchange, Parameters.of(request, body));
                } catch (RuntimeException unchecked) {
                    throw unchecked;
                } catch (Exception checked) {
                    throw new HttpException(500, String.valueOf(checked.getMessage()));
                }
            });
        };
    }

    private static boolean hasForm(Request request) {
        return !request.isRead()
                && request.contentLength() != 0
                && request.header(HttpHeaderNames.CONTENT_TYPE).filter(Parameters::isForm).isPresent();
    }
}
