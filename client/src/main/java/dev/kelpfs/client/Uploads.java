package dev.kelpfs.client;

import dev.kelpfs.client.VolumeCalls.Answer;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Stores contents in one piece. What is repeated, and why that is safe: the same bytes under the same id are kept once, so
 * a request without an answer goes to the same server again; after a failure of the server (5xx) a new id is asked for,
 * which lies on another volume, and what may be left under the first is deleted. A refusal (4xx) is final. Safe for all
 * threads; every call blocks.
 */
final class Uploads {
    private static final int TRIES = 5;
    private static final int UNAUTHORIZED = 401;

    private final MasterCalls masters;
    private final VolumeCalls volumes;
    private final RandomGenerator random;
    private final ClientOptions options;
    private final FailedWriteReports reports;

    Uploads(
            MasterCalls masters, VolumeCalls volumes, RandomGenerator random, ClientOptions options, FailedWriteReports reports) {
        this.reports = reports;
        this.masters = masters;
        this.volumes = volumes;
        this.random = random;
        this.options = options;
    }

    /**
     * One content on its way.
     *
     * @param manifest true if it is a list of chunks
     */
    record Piece(NewFile file, Content.Repeatable content, boolean manifest) {}

    /** Stores under a new id. */
    StoredFile put(Piece piece, Placement placement) throws KelpException {
        long startNanos = options.ticker().nanos();
        for (int attempt = 1; ; attempt++) {
            Assignment place = masters.assign(placement, 1);
            try {
                return send(piece, place, place.servers().get(0));
            } catch (KelpException failed) {
                // After a refusal nothing was stored.
                if (failed.isFinal()) throw failed;
                discard(place);
                waitOrThrow(attempt, startNanos, failed, "upload of " + place.id());
            }
        }
    }

    /** Stores under an id that somebody already has; every server that holds its volume is tried. */
    StoredFile put(Piece piece, Assignment assigned) throws KelpException {
        long startNanos = options.ticker().nanos();
        Assignment place = assigned;
        for (int attempt = 1; ; attempt++) {
            try {
                return send(piece, place, place.servers().get((attempt - 1) % place.servers().size()));
            } catch (KelpException failed) {
                // A token lives for seconds only, and the id may have been asked for long ago.
                boolean late = failed.httpStatus().orElse(0) == UNAUTHORIZED && place == assigned;
                if (failed.isFinal() && !late) throw failed;
                if (late) place = assigned.withToken(masters.writeToken(assigned.first()));
                waitOrThrow(attempt, startNanos, failed, "upload of " + place.id());
            }
        }
    }

    private void waitOrThrow(int attempt, long startNanos, KelpException failed, String what) throws KelpException {
        Optional<Duration> wait = new RetryRule(options.patience()).waitAfter(attempt, options.ticker().since(startNanos));
        if (attempt >= TRIES || wait.isEmpty() || Thread.currentThread().isInterrupted()) throw failed;
        Pause.of(wait.get(), what);
    }

    private StoredFile send(Piece piece, Assignment place, Location server) throws KelpException {
        try (Answer answer = sendAtMostTwice(request(piece, place, server))) {
            if (!answer.isOk()) throw answer.refusal();
            String url = volumes.addressOf(server) + "/" + place.path();
            return new StoredFile(place.id(), piece.content.bytes(), answer.etag(), url, 0);
        } catch (KelpException failed) {
            reports.failed(server, failed);
            throw failed;
        }
    }

    private Answer sendAtMostTwice(HttpRequest request) throws KelpException {
        try {
            return volumes.send(request);
        } catch (KelpException noAnswer) {
            Throwable cause = noAnswer.getCause();
            boolean lost = !(cause instanceof HttpTimeoutException) && !(cause instanceof ConnectException);
            if (!lost || Thread.currentThread().isInterrupted()) throw noAnswer;
            // Mostly a connection that had been idle and was closed at the other end at this very moment.
            return volumes.send(request);
        }
    }

    private HttpRequest request(Piece piece, Assignment place, Location server) {
        MultipartBody form = new MultipartBody(random.nextLong(), random.nextLong());
        NewFile file = piece.file;
        HttpRequest.Builder request = volumes.request(server, place.path() + query(piece), place.token())
                .timeout(volumes.timeoutFor(piece.content.bytes()))
                .header("Content-Type", form.contentType());
        file.pairs().forEach((name, value) -> request.header("Seaweed-" + name, value));
        String mime = piece.manifest ? "application/json" : file.mime();
        return request.POST(form.of(file.name(), mime, piece.content)).build();
    }

    private static String query(Piece piece) {
        StringBuilder query = new StringBuilder();
        piece.file.modified().ifPresent(time -> query.append("&ts=").append(time.getEpochSecond()));
        if (piece.file.isSynced()) query.append("&fsync=true");
        if (piece.manifest) query.append("&cm=true");
        if (query.length() > 0) query.setCharAt(0, '?');
        return query.toString();
    }

    /** Nobody knows the id, so a copy that cannot be reached is only lost space. */
    void discard(Assignment place) {
        for (Location server : place.servers()) {
            try {
                HttpRequest request = volumes.request(server, place.path(), place.token()).DELETE().build();
                volumes.send(request).close();
                return;
            } catch (KelpException unreachable) {
                if (Thread.currentThread().isInterrupted()) return;
            }
        }
    }
}
