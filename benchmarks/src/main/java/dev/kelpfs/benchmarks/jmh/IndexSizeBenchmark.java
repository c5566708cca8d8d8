package dev.kelpfs.benchmarks.jmh;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
 * are the secondary ones: bytes a needle over the second half of the growth, and the longest insert. An insert's time is the
 * shortest of three fillings that do the same, step by step; so what the machine adds (it takes the processor away for
 * milliseconds now and then) is left out unless it hits one insert three times. The longest that was seen is shown too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
@Fork(1)
public class IndexSizeBenchmark {
    private static final int LOOKS = 1000;
    private static final int FILLINGS = 3;

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
        public double longestSeenMicros;

        @Setup(Level.Iteration)
        public void reset() {
            bytesPerNeedle = mostBytesPerNeedle = finalBytesPerNeedle = longestInsertMicros = longestSeenMicros = 0;
        }
    }

    @Benchmark
    public long ascending(Seen seen) {
        return fillings(seen, () -> null);
    }

    @Benchmark
    public long random(Seen seen) {
        return fillings(seen, () -> new SplittableRandom(1));
    }

    private long fillings(Seen seen, Supplier<@Nullable SplittableRandom> keyChoice) {
        int[] shortestNanos = new int[keys + 1];
        Arrays.fill(shortestNanos, Integer.MAX_VALUE);
        shortestNanos[0] = 0;
        long count = 0;
        for (int i = 0; i < FILLINGS; i++) count += fill(seen, shortestNanos, keyChoice.get());
        seen.longestInsertMicros = Arrays.stream(shortestNanos).max().orElse(0) / 1e3;
        return count;
    }

    private long fill(Seen seen, int[] shortestNanos, @Nullable SplittableRandom random) {
        try (NeedleIndex index = new NeedleIndex(0x5eed)) {
            double sum = 0;
            int looks = 0;
            int step = Math.max(1, keys / LOOKS);
            long before = ticker.nanos();
            for (int i = 1; i <= keys; i++) {
                index.put(random == null ? i : random.nextLong(), IndexEntry.of(8L * i, 1024));
                long now = ticker.nanos();
                long took = now - before;
                before = now;
                shortestNanos[i] = (int) Math.min(shortestNanos[i], took);
                seen.longestSeenMicros = Math.max(seen.longestSeenMicros, took / 1e3);
                if (i < keys / 2 || i % step != 0) continue;
                double bytes = (double) index.memoryBytes() / i;
                seen.mostBytesPerNeedle = Math.max(seen.mostBytesPerNeedle, bytes);
                sum += bytes;
                looks++;
                before = ticker.nanos();
            }
            seen.bytesPerNeedle = sum / looks;
            seen.finalBytesPerNeedle = (double) index.memoryBytes() / index.count();
            return index.count();
        }
    }
}
