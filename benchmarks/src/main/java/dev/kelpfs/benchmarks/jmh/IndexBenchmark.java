package dev.kelpfs.benchmarks.jmh;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The index of one volume, filled with ascending keys with gaps, as assignments give them: found, and not found. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IndexBenchmark {
    private static final long SECRET = 0x5eed;
    private static final int GAP = 7;

    @Param({"1000", "1000000"})
    int keys;

    private NeedleIndex index = new NeedleIndex(SECRET);
    private SplittableRandom random = new SplittableRandom(1);

    @Setup(Level.Trial)
    public void fill() {
        index = new NeedleIndex(SECRET);
        random = new SplittableRandom(1);
        for (int i = 1; i <= keys; i++) index.put((long) i * GAP, IndexEntry.of(8L * i, 1024));
    }

    @TearDown(Level.Trial)
    public void free() {
        index.close();
    }

    @Benchmark
    public long hit() {
        return index.find((long) random.nextInt(1, keys + 1) * GAP);
    }

    @Benchmark
    public long miss() {
        return index.find((long) random.nextInt(1, keys + 1) * GAP + 1);
    }

    @Benchmark
    public long overwrite() {
        int i = random.nextInt(1, keys + 1);
        return index.put((long) i * GAP, IndexEntry.of(8L * i, 2048));
    }
}
