package dev.kelpfs.master;

import dev.kelpfs.http.ExchangeObserver;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.RequestIds;

/** Every answer carries a request id, but those of the cluster's state. */
record RequestIdHeader(RequestIds ids) implements ExchangeObserver {
    @Override
    public void replying(Request request, Reply reply) {
        if (!request.path().startsWith("/cluster/")) reply.header(RequestIds.HEADER, ids.next());
    }
}
