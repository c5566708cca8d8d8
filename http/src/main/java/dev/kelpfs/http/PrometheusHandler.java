package dev.kelpfs.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Answers with all metrics of a registry in the text format of Prometheus. */
public final class PrometheusHandler implements BlockingHandler {
    private static final int USUAL_BYTES = 16 << 10;

    private final PrometheusRegistry registry;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    public PrometheusHandler(PrometheusRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Reply handle(Request request) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(USUAL_BYTES);
        writer.write(text, registry.scrape());
        return Reply.of(200).header(HttpHeaderNames.CONTENT_TYPE, writer.getContentType()).body(text.toByteArray());
    }
}
