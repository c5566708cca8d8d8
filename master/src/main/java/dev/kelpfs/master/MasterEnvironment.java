package dev.kelpfs.master;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.rpc.RpcRuntime;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * The world as a master sees it: everything that differs between a process and a test. Who starts the master owns these
 * and closes them after it.
 *
 * @param clock for people and tokens only; no order or ownership is decided by it
 * @param ticker for deadlines and ages
 * @param random gives cookies and ids, so it must be hard to guess outside tests; used under a lock
 * @param metrics takes one master only
 */
public record MasterEnvironment(
        InstantSource clock,
        Ticker ticker,
        RandomGenerator random,
        Disk disk,
        HttpRuntime http,
        RpcRuntime rpc,
        PrometheusRegistry metrics) {}
