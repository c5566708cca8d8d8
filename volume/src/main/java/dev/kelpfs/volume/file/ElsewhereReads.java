package dev.kelpfs.volume.file;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.client.PeerException;
import dev.kelpfs.volume.location.Holder;
import dev.kelpfs.volume.location.Located;
import dev.kelpfs.volume.location.ReadMode;
import dev.kelpfs.volume.location.VolumeLocations;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads of volumes that are not mounted here: the file is fetched from a server that has the volume, or the client is sent
 * there, or it is told that nobody has it. Called on event loops.
 *
 * <p>Source: volume server, section 3.9. A request that another server has sent here already goes no further, so two
 * servers that take each other for a holder do not keep one busy for ever.
 */
final class ElsewhereReads {
    private static final Logger LOG = LoggerFactory.getLogger(ElsewhereReads.class);

    private final VolumeLocations locations;
    private final Supplier<String> self;
    private final ReadMode mode;
    private final ProxiedRead proxy;
    private final RandomGenerator random;
    private final VolumeMetrics metrics;

    ElsewhereReads(FileServices services, Supplier<String> self, ReadMode mode) {
        this.locations = services.locations();
        this.self = self;
        this.mode = mode;
        this.proxy = new ProxiedRead(services.peers());
        this.random = services.random();
        this.metrics = services.metrics();
    }

    void read(Exchange exchange, FileUrl url, VolumeId volume) {
        Request request = exchange.request();
        if (mode == ReadMode.LOCAL || ProxiedRead.isProxied(request)) exchange.reply(notFound());
        else exchange.offload(slow -> answer(slow, url, volume));
    }

    /**
     * The answer of another server for a file that is here too, as this one has too much to do; empty if it has to be read
     * here in spite of that: no other server is known or answers, or one has sent the request here. Blocks.
     */
    Optional<Reply> readAnotherCopy(Request request, FileUrl url, VolumeId volume) throws InterruptedException {
        if (ProxiedRead.isProxied(request)) return Optional.empty();
        List<String> holders = holders(volume);
        if (holders.isEmpty()) return Optional.empty();
        if (mode == ReadMode.PROXY) return fetched(request, volume, holders);
        metrics.elsewhere("readRedirectRequest");
        return Optional.of(redirect(request, url, volume, holders.getFirst()));
    }

    private Reply answer(Request request, FileUrl url, VolumeId volume) throws InterruptedException {
        List<String> holders = holders(volume);
        if (!holders.isEmpty() && mode == ReadMode.PROXY) {
            return fetched(request, volume, holders).orElseGet(() -> Reply.of(500));
        }
        metrics.elsewhere(mode == ReadMode.PROXY ? "readProxyRequest" : "readRedirectRequest");
        if (!holders.isEmpty()) return redirect(request, url, volume, holders.getFirst());
        metrics.elsewhere("emptyReadProxyLocaction");
        return notFound();
    }

    /** Who has it, in random order. A failed question counts as nobody: the client gets 404 either way. */
    private List<String> holders(VolumeId volume) {
        if (!(locations.locate(volume) instanceof Located.At(var all))) return List.of();
        String own = self.get();
        List<String> holders = new ArrayList<>(all.stream().map(Holder::url).filter(url -> !url.equals(own)).toList());
        Collections.shuffle(holders, random);
        return holders;
    }

    private Optional<Reply> fetched(Request request, VolumeId volume, List<String> holders) throws InterruptedException {
        metrics.elsewhere("readProxyRequest");
        for (String holder : holders) {
            try {
                return Optional.of(proxy.fetch(request, holder));
            } catch (PeerException failed) {
                LOG.warn("{} {} could not be fetched: {}", request.method(), request.rawPath(), failed.getMessage());
                locations.forget(volume);
            }
        }
        metrics.elsewhere("failedReadProxyRequest");
        return Optional.empty();
    }

    private static Reply redirect(Request request, FileUrl url, VolumeId volume, String holder) {
        String collection = request.parameter("collection").filter(text -> !text.isEmpty())
                .map(text -> "collection=" + URLEncoder.encode(text, StandardCharsets.UTF_8) + "&").orElse("");
        String target = "http://" + holder + "/" + volume + "," + url.keyText() + "?" + collection + "proxied=true";
        Reply reply = Reply.of(301).header(HttpHeaderNames.LOCATION, target);
        if (HttpMethod.HEAD.equals(request.method())) return reply;
        return reply.header(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
                .body("<a href=\"" + target.replace("&", "&amp;") + "\">Moved Permanently</a>.\n\n");
    }

    private Reply notFound() {
        metrics.fileNotFound();
        return Reply.of(404);
    }
}
