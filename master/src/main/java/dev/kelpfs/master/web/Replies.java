package dev.kelpfs.master.web;

import dev.kelpfs.http.Reply;
import io.netty.handler.codec.http.HttpHeaderNames;

/** Answers that many handlers give: JSON, indented on request, and the icon of the pages. */
final class Replies {
    /** A leaf of kelp. */
    private static final String ICON = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><path fill=\"#2a6b4f\""
            + " d=\"M8 16C3 12 3 8 8 0c5 8 5 12 0 16z\"/></svg>";

    private Replies() {}

    static Reply json(int status, String compact, Parameters parameters) {
        return Reply.json(status, parameters.isPretty() ? Json.indented(compact) : compact);
    }

    static Reply error(int status, String reason, Parameters parameters) {
        return json(status, Json.object(json -> json.put("error", reason)), parameters);
    }

    /** To methods that a path for reading does not know. */
    static Reply readOnly() {
        return Reply.of(405).header(HttpHeaderNames.ALLOW, "GET, HEAD");
    }

    static Reply icon() {
        return Reply.of(200).header(HttpHeaderNames.CONTENT_TYPE, "image/svg+xml").body(ICON);
    }
}
