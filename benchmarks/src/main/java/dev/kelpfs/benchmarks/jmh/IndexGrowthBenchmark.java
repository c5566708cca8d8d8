package dev.kelpfs.benchmarks.jmh;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Filling an empty index: what a volume pays over its life, growth included. One invocation puts all keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IndexGrowthBenchmark {
    @Param({"1000", "1000000"})
    int keys;

    @Benchmark
    public long ascending() {
        try (NeedleIndex index = new NeedleIndex(1)) {
            for (int i = 1; i <= keys; i++) index.put(i, IndexEntry.of(8L * i, 1024));
            return index.count();
        }
    }

    @Benchmark
    public long random() {
        SplittableRandom random = new SplittableRandom(1);
        try (NeedleIndex index = new NeedleIndex(1)) {
            for (int i = 1; i <= keys; i++) index.put(random.nextLong(), IndexEntry.of(8L * i, 1024));
            return index.count();
        }
    }
}
