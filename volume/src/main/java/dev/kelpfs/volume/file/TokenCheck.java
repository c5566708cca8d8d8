package dev.kelpfs.volume.file;

import dev.kelpfs.core.FileId;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Request;
import dev.kelpfs.volume.guard.TokenKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Asks requests for the token that a key demands. Without a key everybody passes. Safe for all threads.
 *
 * <p>Source: volume server, section 3.15.
 */
record TokenCheck(Optional<TokenKey> key, InstantSource clock) {
    private static final String SCHEME = "bearer";
    private static final int TOKEN_START = SCHEME.length() + 1;
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final String COOKIE = "AT=";

    /** @throws HttpException 401 if a token is asked for and the request has none that admits it to this file */
    void require(Request request, FileUrl url) {
        if (key.isEmpty()) return;
        if (!key.get().admits(tokenOf(request), url.tokenSubject(), clock.instant())) {
            throw new HttpException(401, "wrong jwt");
        }
    }

    /** The token that the request brought, to be shown to another server; empty if none is asked for. */
    String toPassOn(Request request) {
        return key.isEmpty() ? "" : tokenOf(request);
    }

    /** A token of our own for a file that the request does not name, to be shown to another server. */
    String issue(FileId id) {
        return key.map(signer -> signer.issue(id.toString(), clock.instant().plus(LIFE))).orElse("");
    }

    /** The first that is there: query, {@code Authorization}, cookie. A bad one is not made up for by the next. */
    private static String tokenOf(Request request) {
        String inQuery = request.parameter("jwt").orElse("");
        if (!inQuery.isEmpty()) return inQuery;
        String authorization = request.header(HttpHeaderNames.AUTHORIZATION).orElse("");
        if (authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) && authorization.length() > TOKEN_START) {
            return authorization.substring(TOKEN_START);
        }
        for (String cookies : request.headers().getAll(HttpHeaderNames.COOKIE)) {
            for (String cookie : cookies.split(";")) {
                String pair = cookie.strip();
                if (pair.startsWith(COOKIE)) return pair.substring(COOKIE.length());
            }
        }
        return "";
    }
}
