package dev.kelpfs.cli.server;

import dev.kelpfs.flags.Flag;
import java.util.List;

/** Flags that every serving command has. Source: command line, sections 6, 7 and 9.1. */
final class ProcessFlags {
    private static final String PROFILING = "profiling by flags; use jcmd and Flight Recorder";

    static final List<Flag> ALL = List.of(
            Flag.text("ip", "", "name or address told to others; empty is the detected address of this machine"),
            Flag.text("ip.bind", "", "name or address to listen on; empty is the same as -ip"),
            Flag.text("whiteList", "", "addresses and networks that may write, as in 10.0.0.0/8,127.0.0.1; empty is all"),
            Flag.integer("metricsPort", 0, "port of /metrics for Prometheus; 0 is none"),
            Flag.text("metricsIp", "", "address of the metrics port; empty is -ip.bind, then -ip"),
            Flag.toggle("debug", false, "profiling port").later(PROFILING),
            Flag.integer("debug.port", 6060, "number of the profiling port").later(PROFILING),
            Flag.text("cpuprofile", "", "file of a processor profile").later(PROFILING),
            Flag.text("memprofile", "", "file of a memory profile").later(PROFILING));

    private ProcessFlags() {}
}
