package dev.kelpfs.volume;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.rpc.RpcRuntime;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The world around a volume server: time, chance, files, threads, and the process it lives in. The runtimes are shared
 * with other servers of the process and closed by whoever made them, after the servers.
 *
 * @param random safe for all threads
 * @param metrics where the server registers what it counts; a registry takes one volume server
 * @param fatal told, once, why the server must not go on; the process is to end with status 1
 */
public record VolumeServerEnvironment(
        InstantSource clock,
        Ticker ticker,
        RandomGenerator random,
        Disk disk,
        HttpRuntime http,
        RpcRuntime rpc,
        PrometheusRegistry metrics,
        Consumer<String> fatal) {}
