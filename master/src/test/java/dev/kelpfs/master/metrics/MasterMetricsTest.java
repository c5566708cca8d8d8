package dev.kelpfs.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MasterMetricsTest {
    @Test
    void namesAreThoseThatDashboardsKnow() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        MasterMetrics metrics = new MasterMetrics(registry, Instant.ofEpochSecond(5));
        metrics.watch(() -> true, List::of);
        metrics.heartbeat("total");
        metrics.heartbeat("total");
        metrics.volumeMade();
        metrics.nowhereToWrite();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, registry.scrape());
        assertThat(text.toString(StandardCharsets.UTF_8).lines())
                .contains("SeaweedFS_master_received_heartbeats{type=\"total\"} 2.0")
                .contains("SeaweedFS_master_volume_creation_total{result=\"success\"} 1.0")
                .contains("SeaweedFS_master_pick_for_write_error 1.0")
                .contains("SeaweedFS_master_broadcast_to_full 0.0")
                .contains("SeaweedFS_master_is_leader 1.0")
                .contains("SeaweedFS_master_start_time_seconds 5.0");
    }
}
