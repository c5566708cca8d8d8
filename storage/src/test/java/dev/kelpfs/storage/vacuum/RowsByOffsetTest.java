package dev.kelpfs.storage.vacuum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowsByOffsetTest {
    private record Row(long number, long key, long entry) {}

    @Test
    void givesAllRowsInTheOrderOfTheirOffsetsWhateverTheSizeOfABatch() throws Exception {
        SplittableRandom random = Seed.announced("RowsByOffsetTest").random();
        MemoryDisk disk = VacuumBench.disk();
        for (int run = 0; run < 100; run++) {
            int rows = random.nextInt(200);
            boolean sorted = random.nextInt(3) == 0;
            List<Row> model = new ArrayList<>();
            ByteBuffer bytes = ByteBuffer.allocate((rows + 3) * IndexRow.BYTES);
            for (int i = 0; i < rows; i++) {
                // Up to the largest offset, with equal ones, and some that name nothing.
                long units = sorted ? i : random.nextInt(4) == 0 ? random.nextLong(1L << 32) : random.nextLong(50);
                long entry = IndexEntry.of(8 * units, random.nextInt(-1, 5));
                long key = random.nextLong();
                IndexRow.encode(bytes, key, entry);
                if (units != 0) model.add(new Row(i, key, entry));
            }
            model.sort(Comparator.comparingLong(row -> IndexEntry.offset(row.entry())));
            VacuumBench.write(disk, VacuumBench.FILES.idx(), bytes.array());
            List<Row> found = new ArrayList<>();
            try (DiskFile idx = disk.open(VacuumBench.FILES.idx(), Open.READ)) {
                RowsByOffset.walk(idx, rows, random.nextInt(1, 40), (number, key, entry) -> found.add(new Row(number, key, entry)));
            }
            assertThat(found).isEqualTo(model);
        }
    }

    @Test
    void liveRecordsAreThoseBeforeTheEnd() {
        try (NeedleIndex index = new NeedleIndex(5)) {
            index.put(1, IndexEntry.of(8, 100));
            index.put(2, IndexEntry.of(160, 0));
            index.put(3, IndexEntry.deleted(IndexEntry.of(200, 10)));
            index.put(4, IndexEntry.of(6000, 10));
            assertThat(LiveRecords.sum(index, 6000, RecordVersion.V3))
                    .isEqualTo(new LiveRecords.Sum(2, RecordVersion.V3.recordBytes(100) + RecordVersion.V3.recordBytes(0)));
        }
    }
}
