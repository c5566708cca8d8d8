package dev.kelpfs.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * HTTP to volume servers: one request, one answer. Every wait has an end. Safe for all threads; every call blocks.
 */
final class VolumeCalls {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** What an upload is given beyond the usual time: a second for each of these. */
    private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;
    private static final int LONGEST_REASON_BYTES = 1000;

    private final HttpClient http;
    private final ClientOptions options;

    VolumeCalls(ClientOptions options, Executor threads) {
        this.options = options;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .executor(threads)
                .build();
    }

    /** An answer whose body has not been read. Close it. */
    record Answer(HttpRequest request, int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
        boolean isOk() {
            return status >= 200 && status < 300;
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        String etag() {
            return header("ETag").replace("\"", "");
        }

        /** Reads the reason, closes, and makes a failure of it. */
        KelpException refusal() {
            String reason;
            try (InputStream in = body) {
                reason = new String(in.readNBytes(LONGEST_REASON_BYTES), StandardCharsets.UTF_8).strip();
            } catch (IOException cut) {
                reason = "(the reason broke off: " + cut.getMessage() + ")";
            }
            return new KelpException(request.method() + " " + request.uri() + " answered " + status
                    + (reason.isEmpty() ? "" : ": " + reason), status);
        }

        /** Reads what is left, if it is little, so that the connection can be used again. */
        @Override
        public void close() {
            try (InputStream in = body) {
                in.readNBytes(LONGEST_REASON_BYTES);
            } catch (IOException cut) {
                // Nobody wanted it.
            }
        }
    }

    /** {@code host:port} under which this client reaches a server. */
    String addressOf(Location server) {
        return options.habits().publicUrls() ? server.publicUrl() : server.url();
    }

    /** @param pathAndQuery of the file, without the leading slash */
    HttpRequest.Builder request(Location server, String pathAndQuery, String token) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://" + addressOf(server) + "/" + pathAndQuery))
                .timeout(options.requestTimeout());
        return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
    }

    Duration timeoutFor(long uploadBytes) {
        return options.requestTimeout().plusSeconds(uploadBytes / SLOWEST_BYTES_PER_SECOND);
    }

    /** @throws KelpException if there was no answer; whether the request arrived is then unknown */
    Answer send(HttpRequest request) throws KelpException {
        try {
            HttpResponse<InputStream> answer = http.send(request, head -> new PatientBody(options.requestTimeout()));
            return new Answer(request, answer.statusCode(), answer.headers(), answer.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KelpException(request.method() + " " + request.uri() + " was interrupted", interrupted);
        } catch (IOException failed) {
            throw new KelpException(request.method() + " " + request.uri() + " failed: " + failed, failed);
        }
    }
}
