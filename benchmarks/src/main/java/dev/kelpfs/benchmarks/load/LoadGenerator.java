package dev.kelpfs.benchmarks.load;

import java.io.IOException;
import java.time.Duration;

/** Something that can put a workload on a server. */
public interface LoadGenerator {
    /** Name and version, for the head of the table. */
    String describe();

    /**
     * Runs the workload and comes back when its time is over.
     *
     * @param connections how many keep-alive connections, each with one request in flight
     * @throws IOException if the server cannot be reached or the generator itself failed; a request that fails is counted
     */
    LoadResult run(Workload workload, int connections, Duration duration) throws IOException, InterruptedException;
}
