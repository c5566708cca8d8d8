package dev.kelpfs.storage.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kelpfs.testkit.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** There may be no memory each time when the index asks for some: then it is as before, and goes on when there is. */
class OutOfMemoryTest {
    /** Stands for an OutOfMemoryError, at which the test's own machinery would give up. */
    private static final class NoMemory extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Refuses every request once. */
    private static final class Scarce implements SegmentAllocator {
        private final Arena arena = Arena.ofAuto();
        private boolean refused;
        private int refusals;

        @Override
        public MemorySegment allocate(long bytes, long alignment) {
            refused = !refused;
            if (!refused) return arena.allocate(bytes, alignment);
            refusals++;
            throw new NoMemory();
        }
    }

    @Test
    void anInsertThatFailsLeavesAllThatWasThere() {
        SplittableRandom random = Seed.announced("OutOfMemoryTest").random();
        Scarce memory = new Scarce();
        Map<Long, Long> model = new HashMap<>();
        int failed = 0;
        assertThatExceptionOfType(NoMemory.class).isThrownBy(() -> new NeedleIndex(1, 0, new SlotStore(memory)));
        try (NeedleIndex index = new NeedleIndex(random.nextLong(), 0, new SlotStore(memory))) {
            for (int i = 1; i <= 60_000; i++) {
                long key = random.nextInt(3) == 0 ? random.nextLong() : i;
                long entry = IndexEntry.of(8L * i, random.nextInt(1000));
                while (!put(index, key, entry)) {
                    failed++;
                    isLike(model, index);
                }
                model.put(key, entry);
            }
            isLike(model, index);
        }
        assertThat(failed).isGreaterThan(60);
    }

    private static boolean put(NeedleIndex index, long key, long entry) {
        try {
            index.put(key, entry);
            return true;
        } catch (NoMemory none) {
            return false;
        }
    }

    private static void isLike(Map<Long, Long> model, NeedleIndex index) {
        assertThat(index.count()).isEqualTo(model.size());
        for (var each : model.entrySet()) {
            if (index.find(each.getKey()) != each.getValue()) throw new AssertionError("key " + each.getKey() + " is lost");
        }
        Map<Long, Long> visited = new HashMap<>();
        index.forEach(visited::put);
        assertThat(visited.equals(model)).isTrue();
    }

    @Test
    void anIndexThatCannotBeginHoldsNothing() {
        Scarce memory = new Scarce();
        assertThatExceptionOfType(NoMemory.class).isThrownBy(() -> new NeedleIndex(1, 100_000, new SlotStore(memory)));
        assertThat(memory.refusals).isEqualTo(1);
    }
}
