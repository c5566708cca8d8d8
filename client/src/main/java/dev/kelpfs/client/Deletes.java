package dev.kelpfs.client;

import dev.kelpfs.client.VolumeCalls.Answer;
import dev.kelpfs.core.FileId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Deletes single files. The server that is asked passes the delete on to the others; when it fails half-way, all of them are
 * asked one by one, as a server that has deleted its copy says "none" without asking the others. While one says that it has
 * too much to do, this is repeated after pauses, as {@link RetryRule} says. Safe for all threads; every call blocks.
 */
final class Deletes {
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int ROUNDS = 2;

    private final Locations locations;
    private final VolumeCalls volumes;
    private final Tokens tokens;
    private final ClientOptions options;

    Deletes(Locations locations, VolumeCalls volumes, Tokens tokens, ClientOptions options) {
        this.options = options;
        this.locations = locations;
        this.volumes = volumes;
        this.tokens = tokens;
    }

    /** @return false if there was none */
    boolean delete(FileId id) throws KelpException {
        long startNanos = options.ticker().nanos();
        RetryRule rule = new RetryRule(options.patience());
        for (int round = 1; ; round++) {
            try {
                // Once one has failed, a copy may be gone although nobody said so.
                return deleteTwice(id, round > 1);
            } catch (KelpException failed) {
                Optional<Duration> wait = failed.meetsOverload()
                        ? rule.waitAfter(round, options.ticker().since(startNanos)) : Optional.empty();
                if (wait.isEmpty() || Thread.currentThread().isInterrupted()) throw failed;
                Pause.of(wait.get(), "delete of " + id);
            }
        }
    }

    private boolean deleteTwice(FileId id, boolean failedBefore) throws KelpException {
        List<Location> servers = locations.find(id.volume());
        boolean everFailed = failedBefore;
        for (int round = 1; ; round++) {
            Optional<KelpException> failure = Optional.empty();
            boolean deleted = false;
            for (Location server : servers) {
                try {
                    deleted |= askOne(id, server);
                    if (deleted && !everFailed && failure.isEmpty()) return true;
                } catch (KelpException failed) {
                    if (failed.isFinal() || Thread.currentThread().isInterrupted()) throw failed;
                    failure.ifPresent(failed::addSuppressed);
                    failure = Optional.of(failed);
                }
            }
            // After a failure the copy may have been deleted although nobody said so.
            if (failure.isEmpty() && (deleted || everFailed)) return true;
            if (round == ROUNDS) {
                if (failure.isPresent()) throw failure.get();
                return false;
            }
            everFailed |= failure.isPresent();
            List<Location> now = locations.findAnew(id.volume());
            boolean nothingNew = failure.isEmpty() && now.size() == servers.size() && now.containsAll(servers);
            if (nothingNew) return false;
            servers = now;
        }
    }

    /** @return false if this server has none */
    private boolean askOne(FileId id, Location server) throws KelpException {
        try (Answer answer = sendWithTokenIfNeeded(id, server)) {
            if (!answer.isOk() && answer.status() != NOT_FOUND) throw answer.refusal();
            return answer.isOk();
        }
    }

    private Answer sendWithTokenIfNeeded(FileId id, Location server) throws KelpException {
        String token = tokens.toWrite(id);
        Answer answer = send(id, server, token);
        if (answer.status() != UNAUTHORIZED || !token.isEmpty()) return answer;
        answer.close();
        tokens.writesAreGuarded();
        return send(id, server, tokens.toWrite(id));
    }

    private Answer send(FileId id, Location server, String token) throws KelpException {
        return volumes.send(volumes.request(server, id.toString(), token).DELETE().build());
    }
}
