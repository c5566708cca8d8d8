package dev.kelpfs.cli.server;

import dev.kelpfs.http.HttpRuntime;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process says about itself, under the names that dashboards know: memory, processor time, open files. Nothing is
 * looked at before somebody reads the metrics, and what the system does not tell is left out.
 */
final class ProcessMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessMetrics.class);
    private static final Path SELF = Path.of("/proc/self");
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final long KIB = 1024;

    private ProcessMetrics() {}

    static void register(PrometheusRegistry registry, HttpRuntime http) {
        gauge(registry, "process_start_time_seconds", "when the process started, in seconds since the epoch",
                out -> ProcessHandle.current().info().startInstant()
                        .ifPresent(start -> out.call(start.toEpochMilli() / MILLIS_PER_SECOND)));
        CounterWithCallback.builder().name("process_cpu_seconds_total").help("processor time of all threads")
                .callback(out -> ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis)
                        .ifPresent(millis -> out.call(millis / MILLIS_PER_SECOND)))
                .register(registry);
        gauge(registry, "process_resident_memory_bytes", "memory of the machine in use", ProcessMetrics::residentMemory);
        gauge(registry, "process_open_fds", "open files and connections", ProcessMetrics::openFiles);
        gauge(registry, "jvm_memory_used_bytes", "memory that the JVM has in use", out -> {
            out.call(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), "heap");
            out.call(ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed(), "nonheap");
        }, "area");
        gauge(registry, "kelp_http_buffer_bytes", "memory outside the heap that requests and answers have taken",
                out -> out.call(http.bufferBytes()));
    }

    private static void gauge(
            PrometheusRegistry registry, String name, String help, Consumer<GaugeWithCallback.Callback> values, String... labels) {
        GaugeWithCallback.builder().name(name).help(help).labelNames(labels).callback(values).register(registry);
    }

    private static void residentMemory(GaugeWithCallback.Callback out) {
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            lines.filter(line -> line.startsWith("VmRSS:")).findFirst()
                    .ifPresent(line -> out.call(Long.parseLong(line.replaceAll("\\D", "")) * (double) KIB));
        } catch (IOException noSuchSystem) {
            LOG.debug("no memory figures here", noSuchSystem);
        }
    }

    private static void openFiles(GaugeWithCallback.Callback out) {
        try (Stream<Path> files = Files.list(SELF.resolve("fd"))) {
            out.call(files.count());
        } catch (IOException noSuchSystem) {
            LOG.debug("no figures of open files here", noSuchSystem);
        }
    }
}
