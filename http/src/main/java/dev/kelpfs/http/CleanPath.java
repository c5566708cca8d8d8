package dev.kelpfs.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Paths without empty, {@code .} and {@code ..} segments, and the redirect that sends a client there.
 *
 * <p>Source: volume server, section 3.1.
 */
final class CleanPath {
    private CleanPath() {}

    /** Whether the path is what {@link #clean} would make of it. */
    static boolean isClean(String path) {
        int length = path.length();
        for (int i = 0; i < length; i++) {
            if (path.charAt(i) != '/' || i + 1 == length) continue;
            char next = path.charAt(i + 1);
            if (next == '/') return false;
            if (next != '.') continue;
            int end = i + 2;
            if (end < length && path.charAt(end) == '.') end++;
            if (end == length || path.charAt(end) == '/') return false;
        }
        return true;
    }

    /** The path a client meant: {@code ..} takes back a segment, a slash at the end stays. */
    static String clean(String path) {
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) kept.pollLast();
            else if (!segment.isEmpty() && !segment.equals(".")) kept.addLast(segment);
        }
        String joined = "/" + String.join("/", kept);
        return path.endsWith("/") && joined.length() > 1 ? joined + "/" : joined;
    }

    /** 307 to the clean path with the query kept; one line of HTML for GET, nothing for other methods. */
    static Reply redirect(Request request) {
        String query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
        String location = PercentCoding.encodePath(clean(request.path())) + query;
        Reply reply = Reply.of(307).header(HttpHeaderNames.LOCATION, location);
        if (!request.isRead()) return reply;
        return reply.header(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
                .body("<a href=\"" + escape(location) + "\">Temporary Redirect</a>.\n\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&#34;").replace("'", "&#39;");
    }
}
