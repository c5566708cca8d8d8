package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.benchmarks.load.LoadResult;

/**
 * One figure of one round.
 *
 * @param load what the generator saw
 * @param processorMicros processor time of the server for each request
 */
record Sample(LoadResult load, double processorMicros) {
    double perSecond() {
        return load.perSecond();
    }

    double p50Millis() {
        return load.p50Nanos() / 1e6;
    }

    double p99Millis() {
        return load.p99Nanos() / 1e6;
    }
}
