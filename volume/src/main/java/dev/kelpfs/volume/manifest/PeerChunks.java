package dev.kelpfs.volume.manifest;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.volume.guard.TokenKey;
import dev.kelpfs.volume.location.Holder;
import dev.kelpfs.volume.location.Located;
import dev.kelpfs.volume.location.VolumeLocations;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chunks on other servers, over HTTP as any client reads and deletes them. Each server that holds a chunk is tried, in a
 * random order. Safe for all threads that may wait.
 *
 * <p>Source: volume server, sections 3.8 and 3.12; with keys, requests carry tokens, so that a cluster with tokens has
 * readable manifests.
 */
public final class PeerChunks implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(60);
    private static final int DELETES_AT_A_TIME = 8;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int NOT_FOUND = 404;

    /** Keys for the tokens that requests to other servers carry. */
    public record Keys(Optional<TokenKey> read, Optional<TokenKey> write) {}

    private final VolumeLocations locations;
    private final Supplier<String> self;
    private final Keys keys;
    private final InstantSource clock;
    private final Ticker ticker;
    private final RandomGenerator random;

    /** Made by the first request, as most servers never need one; guarded by this. */
    private @Nullable HttpClient client;

    /** @param self {@code host:port} by which masters know this server */
    public PeerChunks(
            VolumeLocations locations, Supplier<String> self, Keys keys, InstantSource clock, Ticker ticker,
            RandomGenerator random) {
        this.locations = locations;
        this.self = self;
        this.keys = keys;
        this.clock = clock;
        this.ticker = ticker;
        this.random = random;
    }

    /**
     * Opens a part of a chunk.
     *
     * @param from first byte
     * @param count bytes; what comes may be shorter if the connection breaks
     * @param whole bytes of the whole chunk
     * @param path the manifests that lead there
     * @throws HttpException 500 if nobody has it
     */
    public InputStream open(FileId chunk, long from, long count, long whole, ManifestPath path)
            throws IOException, InterruptedException {
        String reason = "File Not Found: nobody is known to hold volume " + chunk.volume();
        for (String holder : shuffledHolders(chunk)) {
            HttpRequest.Builder request = request(holder, chunk, path, keys.read());
            boolean part = from > 0 || count < whole;
            if (part) request.header("Range", "bytes=" + from + "-" + (from + count - 1));
            try {
                HttpResponse<InputStream> answer = client().send(request.GET().build(), BodyHandlers.ofInputStream());
                long announced = answer.headers().firstValueAsLong("Content-Length").orElse(count);
                boolean given = answer.statusCode() == (part ? PARTIAL : OK);
                if (given && announced == count) return new WatchedStream(answer.body(), ticker);
                answer.body().close();
                reason = "Read chunk needle error: [" + answer.statusCode() + "] " + url(holder, chunk)
                        + (given ? " gave " + announced + " bytes, expected " + count : "");
            } catch (IOException unreachable) {
                reason = "Read chunk needle error: " + url(holder, chunk) + ": " + unreachable;
            }
        }
        locations.forget(chunk.volume());
        throw new HttpException(500, reason);
    }

    /**
     * Deletes chunks with all their copies, several at a time; those that are not there are fine.
     *
     * @return why one could not be deleted; empty if all are gone
     */
    public Optional<String> deleteAll(List<FileId> chunks, ManifestPath path) throws InterruptedException {
        AtomicReference<Optional<String>> failure = new AtomicReference<>(Optional.empty());
        Iterator<FileId> next = chunks.iterator();
        Runnable deleter = () -> {
            try {
                while (failure.get().isEmpty()) {
                    FileId chunk;
                    synchronized (next) {
                        if (!next.hasNext()) return;
                        chunk = next.next();
                    }
                    delete(chunk, path).ifPresent(reason -> failure.set(Optional.of(reason)));
                }
            } catch (InterruptedException stopped) {
                failure.set(Optional.of("the server stops"));
            }
        };
        List<Thread> deleters = new ArrayList<>();
        for (int i = 0; i < Math.min(DELETES_AT_A_TIME, chunks.size()); i++) {
            deleters.add(Thread.ofVirtual().name("kelp-chunk-delete-" + i).start(deleter));
        }
        for (Thread running : deleters) running.join();
        return failure.get();
    }

    private Optional<String> delete(FileId chunk, ManifestPath path) throws InterruptedException {
        String reason = "nobody is known to hold volume " + chunk.volume();
        for (String holder : shuffledHolders(chunk)) {
            try {
                HttpResponse<String> answer =
                        client().send(request(holder, chunk, path, keys.write()).DELETE().build(), BodyHandlers.ofString());
                int status = answer.statusCode();
                if (status >= OK && status < MULTIPLE_CHOICES || status == NOT_FOUND) return Optional.empty();
                reason = "[" + status + "] " + url(holder, chunk) + ": " + answer.body();
            } catch (IOException unreachable) {
                reason = url(holder, chunk) + ": " + unreachable;
            }
        }
        locations.forget(chunk.volume());
        return Optional.of(reason);
    }

    @Override
    public void close() {
        HttpClient made;
        synchronized (this) {
            made = client;
        }
        if (made != null) made.shutdownNow();
    }

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(CONNECT_LIMIT)
                    .executor(task -> Thread.ofVirtual().name("kelp-chunks").start(task))
                    .build();
            client = made;
        }
        return made;
    }

    private HttpRequest.Builder request(String holder, FileId chunk, ManifestPath path, Optional<TokenKey> key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(holder, chunk)))
                .timeout(ANSWER_LIMIT)
                .header(ManifestPath.HEADER, path.header());
        key.ifPresent(signer -> request.header(
                "Authorization", "Bearer " + signer.issue(chunk.toString(), clock.instant().plus(TOKEN_LIFE))));
        return request;
    }

    private List<String> shuffledHolders(FileId chunk) {
        if (!(locations.locate(chunk.volume()) instanceof Located.At(var all))) return List.of();
        List<String> holders = new ArrayList<>(all.size());
        for (Holder holder : all) {
            if (!holder.url().equals(self.get())) holders.add(holder.url());
        }
        Collections.shuffle(holders, random);
        return holders;
    }

    private static String url(String holder, FileId chunk) {
        return "http://" + holder + "/" + chunk;
    }
}
