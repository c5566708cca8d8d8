package dev.kelpfs.volume.file;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.volume.location.Holder;
import dev.kelpfs.volume.location.Located;
import dev.kelpfs.volume.location.ReadMode;
import dev.kelpfs.volume.location.VolumeLocations;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Reads of volumes that are not mounted here: the client is sent to a server that has the volume, or told that nobody
 * does. Called on event loops.
 *
 * <p>Source: volume server, section 3.9.
 */
final class ElsewhereReads {
    private final VolumeLocations locations;
    private final Supplier<String> self;
    private final ReadMode mode;
    private final RandomGenerator random;
    private final VolumeMetrics metrics;

    ElsewhereReads(FileServices services, Supplier<String> self, ReadMode mode) {
        this.locations = services.locations();
        this.self = self;
        this.mode = mode;
        this.random = services.random();
        this.metrics = services.metrics();
    }

    void read(Exchange exchange, FileUrl url, VolumeId volume) {
        if (mode == ReadMode.LOCAL) exchange.reply(notFound());
        else exchange.offload(request -> answer(request, url, volume));
    }

    private Reply answer(Request request, FileUrl url, VolumeId volume) {
        // A failed question counts as nobody: the client gets 404 either way.
        if (!(locations.locate(volume) instanceof Located.At(var all))) return notFound();
        List<String> holders = all.stream().map(Holder::url).filter(other -> !other.equals(self.get())).toList();
        if (holders.isEmpty()) return notFound();
        String holder = holders.get(random.nextInt(holders.size()));
        if (mode == ReadMode.PROXY) {
            throw new HttpException(501, "volume " + volume + " is on " + holder + ", and this server does not fetch from others"
                    + " yet; ask there, or start this server with -readMode=redirect");
        }
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
