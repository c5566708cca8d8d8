package dev.kelpfs.client;

import dev.kelpfs.core.FileId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Tokens for clusters whose volume servers want to see one. Nothing is asked for until a server has refused for the want of
 * it; from then on every request fetches one first. Safe for all threads; every call blocks.
 *
 * <p>Source: command line and configuration, section 16.1.
 */
final class Tokens {
    private static final String SCHEME = "Bearer ";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final MasterCalls masters;
    private final HttpClient http;
    private final Duration timeout;
    private volatile boolean writesGuarded;
    private volatile boolean readsGuarded;

    Tokens(MasterCalls masters, ClientOptions options, Executor threads) {
        this.masters = masters;
        this.timeout = options.requestTimeout();
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).executor(threads).build();
    }

    /** A token to change a file, or the empty text as long as none was ever needed. */
    String toWrite(FileId id) throws KelpException {
        return writesGuarded ? masters.writeToken(id) : "";
    }

    /** A token to read a file, or the empty text as long as none was ever needed. */
    String toRead(FileId id) throws KelpException {
        return readsGuarded ? readToken(id) : "";
    }

    /** A server refused a change that came without a token: from now on all have one. */
    void writesAreGuarded() {
        writesGuarded = true;
    }

    /** A server refused a read that came without a token: from now on all have one. */
    void readsAreGuarded() {
        readsGuarded = true;
    }

    /** Masters give these out over HTTP only. */
    private String readToken(FileId id) throws KelpException {
        IOException last = null;
        for (String master : masters.httpAddresses()) {
            URI lookUp = URI.create("http://" + master + "/dir/lookup?fileId=" + id + "&read=yes");
            try {
                HttpResponse<Void> answer =
                        http.send(HttpRequest.newBuilder(lookUp).timeout(timeout).build(), BodyHandlers.discarding());
                String header = answer.headers().firstValue("Authorization").orElse("");
                if (answer.statusCode() == 200) return header.startsWith(SCHEME) ? header.substring(SCHEME.length()) : "";
                last = new IOException(lookUp + " answered " + answer.statusCode());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new KelpException("asking for a token to read " + id + " was interrupted", interrupted);
            } catch (IOException failed) {
                last = failed;
            }
        }
        throw new KelpException("no master gave a token to read " + id + ": " + last, last);
    }
}
