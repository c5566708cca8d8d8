package dev.kelpfs.benchmarks.jmh;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A server with very many small volumes: an index for each, filled in turn. The figure is the secondary one, bytes an index. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
@Fork(1)
public class SmallIndexesBenchmark {
    @Param({"10000"})
    int indexes;

    @Param({"0", "10", "100", "1000"})
    int keys;

    /** What JMH shows beside the time. It adds these up over iterations, which is why there is one. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Seen {
        public double bytesPerIndex;

        @Setup(Level.Iteration)
        public void reset() {
            bytesPerIndex = 0;
        }
    }

    @Benchmark
    public long fill(Seen seen) {
        NeedleIndex[] all = new NeedleIndex[indexes];
        for (int i = 0; i < indexes; i++) all[i] = new NeedleIndex(i);
        for (int key = 1; key <= keys; key++) {
            for (NeedleIndex index : all) index.put(key, IndexEntry.of(8L * key, 1024));
        }
        long bytes = 0;
        for (NeedleIndex index : all) {
            bytes += index.memoryBytes();
            index.close();
        }
        seen.bytesPerIndex = (double) bytes / indexes;
        return bytes;
    }
}
