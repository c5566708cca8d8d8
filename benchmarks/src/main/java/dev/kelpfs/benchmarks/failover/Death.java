package dev.kelpfs.benchmarks.failover;

import dev.kelpfs.testkit.process.Signal;

/** How a leader ends. */
enum Death {
    KILLED(Signal.KILL, "killed (-9)", 800, 1_500),
    STOPPED(Signal.TERM, "stopped (SIGTERM)", 300, 600);

    final Signal signal;
    final String word;
    /** What the next write may take in the middle of all rounds. */
    final long medianMillis;
    /** What it may take in the worst round. */
    final long mostMillis;

    Death(Signal signal, String word, long medianMillis, long mostMillis) {
        this.signal = signal;
        this.word = word;
        this.medianMillis = medianMillis;
        this.mostMillis = mostMillis;
    }
}
