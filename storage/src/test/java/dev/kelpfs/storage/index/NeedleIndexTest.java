package dev.kelpfs.storage.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeedleIndexTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersLikeAMap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Long, Long> model = new HashMap<>();
        int keys = 1 << random.nextInt(1, 17);
        try (NeedleIndex index = new NeedleIndex(random.nextLong())) {
            for (int i = 0; i < 60_000; i++) {
                long key = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(keys);
                long entry = IndexEntry.of(8L * random.nextLong(1, 1L << 32), random.nextInt());
                Long before = model.put(key, entry);
                long other = random.nextInt(keys * 2);
                if (index.put(key, entry) != (before == null ? 0 : before)
                        || index.find(other) != model.getOrDefault(other, 0L)) {
                    fail("step " + i + " of seed " + seed + " differs from the map");
                }
            }
            assertThat(index.count()).isEqualTo(model.size());
            Map<Long, Long> visited = new HashMap<>();
            index.forEach((key, entry) -> {
                if (visited.put(key, entry) != null) fail("key " + key + " was visited twice, seed " + seed);
            });
            assertThat(visited).isEqualTo(model);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 30_000, 10_000_000})
    void rowsPutInBatchesEndAsRowsPutOneByOne(int expected) {
        SplittableRandom random = new SplittableRandom(expected);
        Map<Long, List<Long>> befores = new HashMap<>();
        Map<Long, List<Long>> batched = new HashMap<>();
        try (NeedleIndex one = new NeedleIndex(11); NeedleIndex other = new NeedleIndex(12, 5_000)) {
            RowBatch batch = new RowBatch(other, expected,
                    (key, _, before) -> batched.computeIfAbsent(key, _ -> new ArrayList<>()).add(before));
            for (int i = 1; i <= 30_000; i++) {
                long key = random.nextInt(8_000);
                boolean deletion = random.nextInt(4) == 0;
                long entry = IndexEntry.of(deletion && random.nextBoolean() ? 0 : 8L * i, deletion ? -1 : random.nextInt(3));
                befores.computeIfAbsent(key, _ -> new ArrayList<>()).add(one.apply(key, entry));
                batch.add(key, entry);
            }
            batch.flush();
            Map<Long, Long> content = new HashMap<>();
            one.forEach(content::put);
            Map<Long, Long> otherContent = new HashMap<>();
            other.forEach(otherContent::put);
            assertThat(otherContent).isEqualTo(content);
            assertThat(batched).isEqualTo(befores);
            assertThat(content.values()).anyMatch(IndexEntry::isLive).anyMatch(entry -> !IndexEntry.isLive(entry));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 1_700_000})
    void holdsAMillionNeedlesInAtMost20BytesEach(int needles) {
        try (NeedleIndex index = new NeedleIndex(42)) {
            double worst = 0;
            double sum = 0;
            int samples = 0;
            for (int i = 1; i <= needles; i++) {
                index.put(i, IndexEntry.of(8L * i, 1024));
                if (i >= 1_000_000 && i % 10_000 == 0) {
                    double bytes = (double) index.memoryBytes() / i;
                    worst = Math.max(worst, bytes);
                    sum += bytes;
                    samples++;
                }
            }
            assertThat(sum / samples).isLessThan(20);
            assertThat(worst).isLessThan(22);
        }
    }

    @Test
    void startsSmall() {
        try (NeedleIndex index = new NeedleIndex(0)) {
            for (int i = 1; i <= 40; i++) index.put(i, IndexEntry.of(8, i));
            assertThat(index.memoryBytes()).isLessThan(4096);
        }
    }

    @Test
    void scramblingCanBeUndone() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            KeyScrambler scrambler = new KeyScrambler(random.nextLong());
            long key = random.nextLong();
            assertThat(scrambler.restore(scrambler.scramble(key))).isEqualTo(key);
        }
    }

    @Test
    void readersBesideAWriterSeeOnlyWhatWasWritten() throws InterruptedException {
        try (NeedleIndex index = new NeedleIndex(99)) {
            AtomicLong written = new AtomicLong();
            AtomicBoolean wrong = new AtomicBoolean();
            Thread[] readers = new Thread[3];
            for (int r = 0; r < readers.length; r++) {
                SplittableRandom random = new SplittableRandom(r);
                readers[r] = Thread.ofPlatform().start(() -> {
                    while (written.get() < 300_000) {
                        long known = written.get();
                        if (known == 0) continue;
                        long key = random.nextLong(known) + 1;
                        long entry = index.find(key);
                        if (IndexEntry.offset(entry) != 8 * key || IndexEntry.bodyBytes(entry) != (int) key) wrong.set(true);
                        if (index.find(-key) != IndexEntry.ABSENT) wrong.set(true);
                    }
                });
            }
            for (long key = 1; key <= 300_000; key++) {
                index.put(key, IndexEntry.of(8 * key, (int) key));
                written.set(key);
            }
            for (Thread reader : readers) reader.join();
            assertThat(wrong).isFalse();
        }
    }
}
