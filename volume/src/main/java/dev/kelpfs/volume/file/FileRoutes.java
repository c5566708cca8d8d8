package dev.kelpfs.volume.file;

import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Routes;
import dev.kelpfs.volume.location.ReadMode;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import io.netty.handler.codec.http.HttpMethod;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The routes of files: everything that no other route wants.
 *
 * <p>Source: volume server, section 3.1.
 */
public final class FileRoutes {
    private static final int BOUNDARY_BYTES = 30;

    private final FileReads reads;
    private final FileWrites writes;
    private final FileDeletes deletes;

    /**
     * @param self {@code host:port} by which masters know this server; empty before they do
     * @param readMode what a read of a volume does that is not here
     */
    public FileRoutes(FileServices services, Supplier<String> self, ReadMode readMode) {
        RangeAnswers ranges = new RangeAnswers(() -> boundary(services.random()));
        FileAnswers answers = new FileAnswers(services, ranges);
        ElsewhereReads elsewhere = new ElsewhereReads(services, self, readMode);
        VolumeMetrics metrics = services.metrics();
        Throttle downloads = throttle(services.downloads(), metrics::downloadHeldBack);
        Throttle uploads = throttle(services.uploads(), metrics::uploadHeldBack);
        metrics.gauge("in_flight_download_size", "bytes of limited reads under way", out -> out.call(downloads.underWay()));
        metrics.gauge("in_flight_upload_size", "bytes of limited uploads under way", out -> out.call(uploads.underWay()));
        metrics.gauge("concurrent_download_limit", "limit of the above", out -> out.call(services.downloads().limitBytes()));
        metrics.gauge("concurrent_upload_limit", "limit of the above", out -> out.call(services.uploads().limitBytes()));
        reads = new FileReads(services, answers, elsewhere, downloads);
        writes = new FileWrites(services, uploads);
        deletes = new FileDeletes(services);
    }

    private static Throttle throttle(FileServices.Transfers transfers, Runnable heldBack) {
        return new Throttle(transfers.limitBytes(), transfers.patience(), heldBack);
    }

    /** Reads, writes and deletes. */
    public void addToAdminPort(Routes.Builder routes) {
        routes.fallback(HttpMethod.GET, reads)
                .fallback(HttpMethod.HEAD, reads)
                .fallback(HttpMethod.POST, writes)
                .fallback(HttpMethod.PUT, writes)
                .fallback(HttpMethod.DELETE, LoopHandler.blocking(deletes))
                .fallback(HttpMethod.OPTIONS, exchange -> options(exchange, "PUT, POST, GET, DELETE, OPTIONS"))
                .fallback(exchange -> {
                    throw new HttpException(400, "unsupported method " + exchange.request().method());
                });
    }

    /** Reads only; other methods are answered with nothing and have no effect. */
    public void addToPublicPort(Routes.Builder routes) {
        routes.fallback(HttpMethod.GET, reads)
                .fallback(HttpMethod.HEAD, reads)
                .fallback(HttpMethod.OPTIONS, exchange -> options(exchange, "GET, OPTIONS"))
                .fallback(exchange -> exchange.reply(Reply.of(200)));
    }

    private static void options(Exchange exchange, String methods) {
        exchange.reply(Reply.of(200)
                .header("Access-Control-Allow-Methods", methods)
                .header("Access-Control-Allow-Headers", "*"));
    }

    private static String boundary(RandomGenerator random) {
        byte[] bytes = new byte[BOUNDARY_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
