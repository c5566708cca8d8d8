package dev.kelpfs.client;

import dev.kelpfs.client.VolumeCalls.Answer;
import dev.kelpfs.core.FileId;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads files: every server that holds the volume is tried, and when all have failed, where it lies is asked anew and they
 * are tried once more. While one says that it has too much to do, this is repeated after pauses, as {@link RetryRule} says.
 * Safe for all threads; every call blocks.
 */
final class Reads {
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final Locations locations;
    private final VolumeCalls volumes;
    private final Tokens tokens;
    private final ClientOptions options;

    Reads(Locations locations, VolumeCalls volumes, Tokens tokens, ClientOptions options) {
        this.options = options;
        this.locations = locations;
        this.volumes = volumes;
        this.tokens = tokens;
    }

    /** @param range which bytes; nothing for all */
    Optional<FileContent> open(FileId id, Optional<ByteRange> range) throws KelpException {
        Optional<Answer> found = ask(id, "GET", range);
        if (found.isEmpty()) return Optional.empty();
        Answer answer = found.get();
        OptionalLong bodyBytes = AnswerHead.bodyBytes(answer.headers());
        boolean part = answer.status() == 206;
        OptionalLong whole = part ? AnswerHead.wholeBytes(answer.headers()) : bodyBytes;
        long offset = part ? AnswerHead.offset(answer.headers()) : 0;
        FileInfo info = AnswerHead.info(answer.headers(), whole);
        ResumingBody body = new ResumingBody(
                answer.body(), offset, bodyBytes, info.etag(), rest -> ask(id, "GET", Optional.of(rest)));
        return Optional.of(new FileContent(info, offset, bodyBytes, body));
    }

    Optional<FileInfo> info(FileId id) throws KelpException {
        Optional<Answer> found = ask(id, "HEAD", Optional.empty());
        if (found.isEmpty()) return Optional.empty();
        try (Answer answer = found.get()) {
            return Optional.of(AnswerHead.info(answer.headers(), AnswerHead.bodyBytes(answer.headers())));
        }
    }

    private Optional<Answer> ask(FileId id, String method, Optional<ByteRange> range) throws KelpException {
        long startNanos = options.ticker().nanos();
        RetryRule rule = new RetryRule(options.patience());
        for (int round = 1; ; round++) {
            try {
                return askTwice(id, method, range);
            } catch (KelpException failed) {
                Optional<Duration> wait = failed.meetsOverload()
                        ? rule.waitAfter(round, options.ticker().since(startNanos)) : Optional.empty();
                if (wait.isEmpty() || Thread.currentThread().isInterrupted()) throw failed;
                Pause.of(wait.get(), "read of " + id);
            }
        }
    }

    private Optional<Answer> askTwice(FileId id, String method, Optional<ByteRange> range) throws KelpException {
        List<Location> known = locations.find(id.volume());
        if (known.isEmpty()) return Optional.empty();
        List<KelpException> failures = new ArrayList<>();
        Answer answer = askAll(id, method, range, known, failures);
        if (answer != null) return Optional.of(answer);
        List<Location> now = locations.findAnew(id.volume());
        // A file that a server does not have may lie on one that has the volume by now.
        boolean worthwhile = !failures.isEmpty() || !sameServers(known, now);
        if (worthwhile) {
            failures.clear();
            answer = askAll(id, method, range, now, failures);
            if (answer != null) return Optional.of(answer);
        }
        if (failures.isEmpty()) return Optional.empty();
        KelpException last = failures.get(failures.size() - 1);
        failures.subList(0, failures.size() - 1).forEach(last::addSuppressed);
        throw last;
    }

    private static boolean sameServers(List<Location> before, List<Location> now) {
        return before.size() == now.size() && before.containsAll(now);
    }

    /** @return null if none has it; {@code failures} then says who could not be asked */
    private @Nullable Answer askAll(
            FileId id, String method, Optional<ByteRange> range, List<Location> servers, List<KelpException> failures)
            throws KelpException {
        for (Location server : servers) {
            Answer answer;
            try {
                answer = askOne(id, method, range, server);
            } catch (KelpException failed) {
                if (Thread.currentThread().isInterrupted()) throw failed;
                failures.add(failed);
                continue;
            }
            if (answer.isOk()) return answer;
            if (answer.status() == RANGE_NOT_SATISFIABLE) throw answer.refusal();
            if (answer.status() == NOT_FOUND) answer.close();
            else failures.add(answer.refusal());
        }
        return null;
    }

    private Answer askOne(FileId id, String method, Optional<ByteRange> range, Location server) throws KelpException {
        String token = tokens.toRead(id);
        Answer answer = volumes.send(request(id, method, range, server, token));
        if (answer.status() != UNAUTHORIZED || !token.isEmpty()) return answer;
        answer.close();
        tokens.readsAreGuarded();
        return volumes.send(request(id, method, range, server, tokens.toRead(id)));
    }

    private HttpRequest request(FileId id, String method, Optional<ByteRange> range, Location server, String token) {
        HttpRequest.Builder request = volumes.request(server, id.toString(), token);
        range.ifPresent(bytes -> request.header("Range", "bytes=" + bytes.header()));
        return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
    }
}
