package dev.kelpfs.master.web;

import dev.kelpfs.http.Reply;

/** JSON answers, indented on request. */
final class Replies {
    private Replies() {}

    static Reply json(int status, String compact, Parameters parameters) {
        return Reply.json(status, parameters.isPretty() ? Json.indented(compact) : compact);
    }

    static Reply error(int status, String reason, Parameters parameters) {
        return json(status, Json.object(json -> json.put("error", reason)), parameters);
    }
}
