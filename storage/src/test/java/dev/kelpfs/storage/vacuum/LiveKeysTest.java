package dev.kelpfs.storage.vacuum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LiveKeysTest {
    @Test
    void givesAllLiveKeysInAscendingOrderWhateverTheSizeOfABatch() {
        SplittableRandom random = Seed.announced("LiveKeysTest").random();
        for (int run = 0; run < 60; run++) {
            int batch = random.nextInt(1, 40);
            long bits = random.nextBoolean() ? -1L : 0xff;
            TreeSet<Long> model = new TreeSet<>(Long::compareUnsigned);
            long bytes = 0;
            try (NeedleIndex index = new NeedleIndex(random.nextLong())) {
                for (int i = random.nextInt(300); i > 0; i--) {
                    long key = random.nextInt(20) == 0 ? -1L - random.nextInt(3) : random.nextLong() & bits;
                    if (index.find(key) != IndexEntry.ABSENT) continue;
                    long entry = IndexEntry.of(8L * random.nextInt(1, 1000), random.nextInt(0, 100));
                    boolean late = IndexEntry.offset(entry) >= 6000;
                    boolean deleted = random.nextInt(4) == 0;
                    index.put(key, deleted ? IndexEntry.deleted(entry) : entry);
                    if (late || deleted) continue;
                    model.add(key);
                    bytes += RecordVersion.V3.recordBytes(IndexEntry.bodyBytes(entry));
                }
                List<Long> found = new ArrayList<>();
                LiveKeys keys = new LiveKeys(index, 6000, batch);
                for (long[] next = keys.next(); next.length > 0; next = keys.next()) {
                    assertThat(next).hasSizeLessThanOrEqualTo(batch);
                    for (long key : next) found.add(key);
                }
                assertThat(keys.next()).isEmpty();
                assertThat(found).containsExactlyElementsOf(model);
                assertThat(LiveKeys.sum(index, 6000, RecordVersion.V3)).isEqualTo(new LiveKeys.Sum(model.size(), bytes));
            }
        }
    }
}
