package dev.kelpfs.cli.server;

import dev.kelpfs.flags.Flag;
import java.util.List;

/** Flags of a master. Source: command line, sections 7.1 and 17.3. */
final class MasterFlags {
    /** The master's own, which {@code server} has with the prefix {@code master.} too. */
    static final List<Flag> SHARED = List.of(
            Flag.integer("port", 9333, "HTTP port"),
            Flag.integer("port.grpc", 0, "gRPC port; 0 is the HTTP port plus 10000"),
            Flag.text("peers", "", "all masters, as in a:9333,b:9333,c:9333; none for a cluster of one"),
            Flag.unsigned("volumeSizeLimitMB", 30720, "a volume of this size is written no more"),
            Flag.toggle("volumePreallocate", false, "reserve the whole size limit on disk for every new volume"),
            Flag.integer("maxParallelVacuumPerServer", 1, "vacuums that one volume server does at a time"),
            Flag.text("defaultReplication", "", "placement of copies when a request names none, as in 001"),
            Flag.decimal("garbageThreshold", "0.3", "share of deleted bytes from which a volume is vacuumed"),
            Flag.text("metrics.address", "", "host:port of a push gateway, told to all servers")
                    .later("pushing metrics; servers of Kelp are to be scraped, see -metricsPort"),
            Flag.integer("metrics.intervalSeconds", 15, "pause between two pushes")
                    .later("pushing metrics; servers of Kelp are to be scraped, see -metricsPort"),
            Flag.toggle("resumeState", true, "go on with the state found at start")
                    .later("starting without the state that is there; it is always used, as ids must never come twice"),
            Flag.toggle("raftHashicorp", false, "another consensus library of the reference")
                    .later("choice of consensus libraries; there is one"),
            Flag.toggle("raftBootstrap", false,
                    "found a new cluster with a majority of -peers; only if the others never belonged to one. Ignored with state"),
            Flag.duration("heartbeatInterval", "300ms", "pause between two signs of life of the leading master")
                    .later("another pause than a quarter of the longest election timeout"),
            Flag.duration("electionTimeout", "10s",
                    "silence of the leading master after which another is elected, up to twice of it; when not given 300ms"),
            Flag.toggle("telemetry", true, "accepted for compatibility: Kelp never sends statistics anywhere"),
            Flag.text("telemetry.url", "", "accepted for compatibility: Kelp never sends statistics anywhere"));

    /** What only {@code weed master} has, beside the flags of every server. */
    static final List<Flag> ALONE = List.of(
            Flag.text("mdir", "", "directory of the master's state; empty is the system's temporary directory"),
            Flag.toggle("disableHttp", false, "answer gRPC only; status and health stay on HTTP"),
            Flag.integer("pulseSeconds", 5, "accepted for compatibility").later("another pulse than 5 seconds"));

    private MasterFlags() {}
}
