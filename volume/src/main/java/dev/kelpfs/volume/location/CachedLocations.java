package dev.kelpfs.volume.location;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what the masters said. At most one question about a volume is under way; all who want to know share it. When
 * no master can be asked, what was last heard is used for up to ten minutes: the death of a master stops no write.
 */
public final class CachedLocations implements VolumeLocations {
    private static final Logger LOG = LoggerFactory.getLogger(CachedLocations.class);
    private static final int MOST_VOLUMES = 100_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final LocationSource source;
    private final Ticker ticker;
    private final Executor threads;
    private final Cache<VolumeId, Heard> heard;
    private final Map<VolumeId, CompletableFuture<Located>> asking = new ConcurrentHashMap<>();

    /**
     * @param atNanos when it was heard, or when no master could say anything newer
     * @param sinceNanos when it was heard
     */
    private record Heard(Located answer, long atNanos, long sinceNanos) {}

    /** @param threads runs questions that nobody waits for; they may block */
    public CachedLocations(LocationSource source, Ticker ticker, Executor threads) {
        this.source = source;
        this.ticker = ticker;
        this.threads = threads;
        this.heard = Caffeine.newBuilder().maximumSize(MOST_VOLUMES).executor(Runnable::run).build();
    }

    @Override
    public Located locate(VolumeId volume) {
        Heard last = heard.getIfPresent(volume);
        if (last == null) return ask(volume);
        return switch (freshness(last)) {
            case FRESH -> last.answer;
            case AGEING -> {
                askBeside(volume);
                yield last.answer;
            }
            case OLD -> ask(volume);
        };
    }

    @Override
    public Optional<List<Holder>> known(VolumeId volume) {
        Heard last = heard.getIfPresent(volume);
        if (last == null || !(last.answer instanceof Located.At(var holders))) return Optional.empty();
        return switch (freshness(last)) {
            case FRESH -> Optional.of(holders);
            case AGEING -> {
                askBeside(volume);
                yield Optional.of(holders);
            }
            case OLD -> Optional.empty();
        };
    }

    @Override
    public void forget(VolumeId volume) {
        heard.invalidate(volume);
        // Who asks from now on shall not share an answer that was on its way before.
        asking.remove(volume);
    }

    private Freshness freshness(Heard last) {
        return Freshness.of(ticker.since(last.atNanos), last.answer instanceof Located.At);
    }

    private void askBeside(VolumeId volume) {
        CompletableFuture<Located> question = new CompletableFuture<>();
        if (asking.putIfAbsent(volume, question) == null) threads.execute(() -> answer(volume, question));
    }

    private Located ask(VolumeId volume) {
        CompletableFuture<Located> question = new CompletableFuture<>();
        CompletableFuture<Located> running = asking.putIfAbsent(volume, question);
        if (running != null) return running.join();
        answer(volume, question);
        return question.join();
    }

    private void answer(VolumeId volume, CompletableFuture<Located> question) {
        Located result = new Located.Unknown("looking the volume up failed in this server; its log says more");
        try {
            result = remembered(volume, source.ask(volume), question);
        } catch (RuntimeException bug) {
            LOG.error("looking volume {} up failed", volume, bug);
        } finally {
            asking.remove(volume, question);
            question.complete(result);
        }
    }

    /** The answer to give, kept for the next who ask unless it was declared wrong meanwhile. */
    private Located remembered(VolumeId volume, Located answer, CompletableFuture<Located> question) {
        long now = ticker.nanos();
        if (!(answer instanceof Located.Unknown(var reason))) {
            if (asking.get(volume) == question) heard.put(volume, new Heard(answer, now, now));
            return answer;
        }
        Heard last = heard.getIfPresent(volume);
        boolean usable = last != null && last.answer instanceof Located.At && ticker.since(last.sinceNanos).compareTo(LONGEST) < 0;
        LOG.warn("volume {} could not be looked up: {}{}", volume, reason, usable ? "; what was heard before is used" : "");
        if (!usable) return answer;
        heard.put(volume, new Heard(last.answer, now, last.sinceNanos));
        return last.answer;
    }
}
