package dev.kelpfs.volume.file;

import dev.kelpfs.http.ErrorReplies;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;

/**
 * How failures look to clients of a volume server: {@code {"error":"..."}}, indented if the query asks for it, and a time
 * to come again for who met an overload. A read that failed in an unforeseen way says so in plain text.
 */
public final class FileErrors implements ErrorReplies {
    private static final int SERVER_FAULT = 500;

    @Override
    public Reply replyTo(Request request, Throwable failure) {
        int status = ErrorReplies.statusOf(failure);
        String message = ErrorReplies.messageOf(failure);
        if (request.isRead() && status == SERVER_FAULT) return Reply.error(status, message);
        String json = new FlatJson(UploadAnswers.isPretty(request)).text("error", message).toString();
        return ErrorReplies.withRetry(Reply.json(status, json));
    }
}
