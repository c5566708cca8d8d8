package dev.kelpfs.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.DiskSpace;
import org.junit.jupiter.api.Test;

class MinFreeSpaceTest {
    @Test
    void isMissedBelowIt() {
        MinFreeSpace tenth = new MinFreeSpace(10, 0);
        assertThat(tenth.isMissedBy(new DiskSpace(1000, 100))).isFalse();
        assertThat(tenth.isMissedBy(new DiskSpace(1000, 99))).isTrue();
        MinFreeSpace bytes = new MinFreeSpace(0, 200);
        assertThat(bytes.isMissedBy(new DiskSpace(1000, 200))).isFalse();
        assertThat(bytes.isMissedBy(new DiskSpace(1000, 199))).isTrue();
        assertThat(new MinFreeSpace(0, 0).isMissedBy(new DiskSpace(1000, 0))).as("nothing has to be free").isFalse();
    }

    @Test
    void isAShareOrASize() {
        for (double percent : new double[] {-1, 101, Double.NaN}) {
            assertThatThrownBy(() -> new MinFreeSpace(percent, 0)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new MinFreeSpace(0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new MinFreeSpace(5, 0)).hasToString("5.0 %");
        assertThat(new MinFreeSpace(1, 300)).hasToString("300 bytes");
    }
}
