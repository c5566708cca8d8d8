package dev.kelpfs.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kelpfs.core.FileId;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A client of a cluster: stores, reads and deletes files. One instance serves a whole program; it is safe for all threads
 * and every method blocks its caller. Close it at the end.
 *
 * <pre>{@code
 * try (KelpClient kelp = KelpClient.connect(ClientOptions.of(ServerAddress.parse("localhost:9333")))) {
 *     StoredFile stored = kelp.put(NewFile.of("hello".getBytes(UTF_8)).named("hello.txt"), Placement.DEFAULT);
 *     byte[] content = kelp.get(stored.id()).orElseThrow().readAll();
 *     kelp.delete(stored.id());
 * }
 * }</pre>
 */
public final class KelpClient implements AutoCloseable {
    private static final int UPLOAD_TRIES = 3;
    private static final Duration UPLOAD_PAUSE = Duration.ofMillis(237);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LOCATION_LIFE = Duration.ofMinutes(10);
    private static final int MAX_KNOWN_VOLUMES = 10_000;
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int UNCHANGED = 204;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    private final ClientOptions options;
    private final ExecutorService threads;
    private final RpcRuntime runtime;
    private final RpcChannels channels;
    private final MasterCalls masters;
    private final Cache<VolumeId, List<String>> locations;
    private final HttpClient http;
    private final SecureRandom random = new SecureRandom();

    private KelpClient(ClientOptions options) {
        this.options = options;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "kelp-client");
            thread.setDaemon(true);
            return thread;
        });
        this.runtime = RpcRuntime.start(1, threads);
        this.channels = new RpcChannels(runtime);
        this.masters = new MasterCalls(options, channels);
        this.locations = Caffeine.newBuilder()
                .maximumSize(MAX_KNOWN_VOLUMES)
                .expireAfterWrite(LOCATION_LIFE)
                .ticker(options.ticker()::nanos)
                .executor(Runnable::run)
                .build();
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .executor(threads)
                .build();
    }

    /** Makes a client. Nothing is sent before the first request. */
    public static KelpClient connect(ClientOptions options) {
        return new KelpClient(options);
    }

    /**
     * Reserves {@code count} file ids that nobody else gets.
     *
     * @throws KelpException if no master gave any within the client's patience, or one refused; the message says why
     */
    public Assignment assign(Placement placement, long count) throws KelpException {
        return masters.assign(placement, count);
    }

    /**
     * Stores a file under a new id. When a volume server fails, another id is asked for, and what the first server may
     * have stored is deleted as far as it can be reached.
     *
     * @throws KelpException if it could not be stored; a refusal (too large, not allowed) is not tried again
     */
    public StoredFile put(NewFile file, Placement placement) throws KelpException {
        KelpException last = null;
        for (int attempt = 1; attempt <= UPLOAD_TRIES; attempt++) {
            Assignment place = masters.assign(placement, 1);
            try {
                return upload(place, file);
            } catch (UploadRefused refused) {
                throw refused;
            } catch (KelpException failed) {
                last = failed;
                discard(place);
                if (attempt < UPLOAD_TRIES) Pause.of(UPLOAD_PAUSE.multipliedBy(attempt), "upload of " + place.first());
            }
        }
        throw last;
    }

    /**
     * Stores a file under the first id of an assignment.
     *
     * @throws KelpException if the server failed or refused; whether it stored the file is then unknown
     */
    public StoredFile upload(Assignment place, NewFile file) throws KelpException {
        MultipartBody form = new MultipartBody(random.nextLong(), random.nextLong());
        HttpRequest.Builder request = request(place.servers().get(0), place.first(), place.token())
                .header("Content-Type", form.contentType())
                .POST(form.of(file));
        HttpResponse<byte[]> answer = send(request.build(), BodyHandlers.ofByteArray());
        int status = answer.statusCode();
        if (status >= OK && status <= UNCHANGED) {
            long bytes = file.content().get().contentLength();
            return new StoredFile(place.first(), bytes, etag(answer));
        }
        String reason = "upload of " + place.first() + " to " + place.servers().get(0) + " answered " + status + ": " + text(answer.body());
        throw status >= BAD_REQUEST && status < SERVER_ERROR ? new UploadRefused(reason) : new KelpException(reason);
    }

    /**
     * Opens a file for reading. Every server that holds its volume is tried.
     *
     * @return nothing if there is no such file, or the cookie of the id is wrong
     * @throws KelpException if no server that holds the volume answered
     */
    public Optional<FileContent> get(FileId id) throws KelpException {
        HttpResponse<InputStream> answer = onAnyServer(id, server ->
                send(request(server, id, "").GET().build(), BodyHandlers.ofInputStream()));
        if (answer == null || answer.statusCode() == NOT_FOUND) return Optional.empty();
        OptionalLong bytes = answer.headers().firstValueAsLong("Content-Length");
        return Optional.of(new FileContent(
                answer.body(), bytes, answer.headers().firstValue("Content-Type").orElse(""), etag(answer)));
    }

    /**
     * Deletes a file with all its copies.
     *
     * @return false if there was none
     * @throws KelpException if the servers refused or could not be reached
     */
    public boolean delete(FileId id) throws KelpException {
        HttpResponse<InputStream> answer = onAnyServer(id, server ->
                send(request(server, id, "").DELETE().build(), BodyHandlers.ofInputStream()));
        return answer != null && answer.statusCode() == ACCEPTED;
    }

    /** {@code host:port} of the servers that hold a volume; remembered for ten minutes. Empty if there is no such volume. */
    public List<String> locate(VolumeId volume) throws KelpException {
        List<String> known = locations.getIfPresent(volume);
        if (known != null) return known;
        List<String> found = masters.locate(volume);
        if (!found.isEmpty()) locations.put(volume, found);
        return found;
    }

    /** Ends all requests under way. */
    @Override
    public void close() {
        channels.close();
        runtime.close();
        threads.shutdownNow();
    }

    @FunctionalInterface
    private interface OnServer {
        HttpResponse<InputStream> ask(String server) throws KelpException;
    }

    /** The first answer that is no server error, or null if no server is known for the volume. */
    private @Nullable HttpResponse<InputStream> onAnyServer(FileId id, OnServer request)
            throws KelpException {
        KelpException last = null;
        for (int round = 0; round < 2; round++) {
            List<String> servers = new ArrayList<>(locate(id.volume()));
            if (servers.isEmpty()) return null;
            Collections.shuffle(servers, random);
            for (String server : servers) {
                try {
                    HttpResponse<InputStream> answer = request.ask(server);
                    if (answer.statusCode() < BAD_REQUEST || answer.statusCode() == NOT_FOUND) return answer;
                    last = refusal(id, server, answer);
                } catch (KelpException failed) {
                    last = failed;
                }
            }
            locations.invalidate(id.volume());
        }
        throw last;
    }

    private void discard(Assignment place) {
        try {
            send(request(place.servers().get(0), place.first(), place.token()).DELETE().build(), BodyHandlers.discarding());
        } catch (KelpException unreachable) {
            // Nobody knows the id, so a copy left behind is only lost space.
        }
    }

    private HttpRequest.Builder request(String server, FileId id, String token) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create("http://" + server + "/" + id)).timeout(options.requestTimeout());
        return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
    }

    private <B> HttpResponse<B> send(HttpRequest request, HttpResponse.BodyHandler<B> body) throws KelpException {
        try {
            return http.send(request, body);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KelpException(request.method() + " " + request.uri() + " was interrupted", interrupted);
        } catch (IOException failed) {
            throw new KelpException(request.method() + " " + request.uri() + " failed: " + failed, failed);
        }
    }

    private static KelpException refusal(FileId id, String server, HttpResponse<InputStream> answer) throws KelpException {
        try (InputStream body = answer.body()) {
            return new KelpException(answer.request().method() + " of " + id + " at " + server + " answered "
                    + answer.statusCode() + ": " + text(body.readNBytes(1000)));
        } catch (IOException cut) {
            return new KelpException("answer of " + server + " for " + id + " broke off: " + cut, cut);
        }
    }

    private static String etag(HttpResponse<?> answer) {
        return answer.headers().firstValue("ETag").orElse("").replace("\"", "");
    }

    private static String text(byte[] body) {
        return new String(body, 0, Math.min(body.length, 1000), StandardCharsets.UTF_8).strip();
    }

    /** The server understood and will not have it, so another one will not either. */
    private static final class UploadRefused extends KelpException {
        private static final long serialVersionUID = 1L;

        UploadRefused(String message) {
            super(message);
        }
    }
}
