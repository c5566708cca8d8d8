package dev.kelpfs.benchmarks.jmh;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/**
 * What an index weighs, and how long one insert can take, while it is filled with ascending keys or random ones. The figures
 * are the secondary ones: bytes a needle over the second half of the growth, and the longest insert. The latter is real time,
 * so whatever takes the processor away counts too: run it on an idle machine.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
@Fork(1)
public class IndexSizeBenchmark {
    private static final int LOOKS = 1000;

    @Param({"1000", "100000", "1000000", "10000000", "50000000"})
    int keys;

    private final Ticker ticker = Ticker.system();

    /** What JMH shows beside the time. It adds these up over iterations, which is why there is one. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Seen {
        /** Mean over the second half of the growth. */
        public double bytesPerNeedle;
        /** Most in the second half of the growth. */
        public double mostBytesPerNeedle;
        /** When all are in. */
        public double finalBytesPerNeedle;
        public double longestInsertMicros;
        public double insertsOverOneMilli;

        @Setup(Level.Iteration)
        public void reset() {
            bytesPerNeedle = mostBytesPerNeedle = finalBytesPerNeedle = longestInsertMicros = insertsOverOneMilli = 0;
        }
    }

    @Benchmark
    public long ascending(Seen seen) {
        return fill(seen, null);
    }

    @Benchmark
    public long random(Seen seen) {
        return fill(seen, new SplittableRandom(1));
    }

    private long fill(Seen seen, @Nullable SplittableRandom random) {
        try (NeedleIndex index = new NeedleIndex(0x5eed)) {
            long longest = 0;
            double sum = 0;
            int looks = 0;
            int step = Math.max(1, keys / LOOKS);
            long before = ticker.nanos();
            for (int i = 1; i <= keys; i++) {
                index.put(random == null ? i : random.nextLong(), IndexEntry.of(8L * i, 1024));
                long now = ticker.nanos();
                long took = now - before;
                longest = Math.max(longest, took);
                if (took > 1_000_000) seen.insertsOverOneMilli++;
                before = now;
                if (i < keys / 2 || i % step != 0) continue;
                double bytes = (double) index.memoryBytes() / i;
                seen.mostBytesPerNeedle = Math.max(seen.mostBytesPerNeedle, bytes);
                sum += bytes;
                looks++;
                before = ticker.nanos();
            }
            seen.bytesPerNeedle = sum / looks;
            seen.finalBytesPerNeedle = (double) index.memoryBytes() / index.count();
            seen.longestInsertMicros = longest / 1e3;
            return index.count();
        }
    }
}
