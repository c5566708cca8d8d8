package dev.kelpfs.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.DiskSpace;
import org.junit.jupiter.api.Test;

class MinFreeSpaceTest {
    @Test
    void readsPercentagesAndSizes() {
        assertThat(MinFreeSpace.parse("5")).isEqualTo(new MinFreeSpace(5, 0));
        assertThat(MinFreeSpace.parse("0.5")).isEqualTo(new MinFreeSpace(0.5, 0));
        assertThat(MinFreeSpace.parse("10GiB")).isEqualTo(new MinFreeSpace(0, 10L << 30));
        assertThat(MinFreeSpace.parse("500MB")).isEqualTo(new MinFreeSpace(0, 500_000_000));
        assertThat(MinFreeSpace.parse("101")).isEqualTo(new MinFreeSpace(0, 101));
        for (String bad : new String[] {"", "x", "-1", "1e3", "10 monkeys"}) {
            assertThatThrownBy(() -> MinFreeSpace.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void isMissedBelowIt() {
        assertThat(MinFreeSpace.parse("10").isMissedBy(new DiskSpace(1000, 100))).isFalse();
        assertThat(MinFreeSpace.parse("10").isMissedBy(new DiskSpace(1000, 99))).isTrue();
        assertThat(MinFreeSpace.parse("200").isMissedBy(new DiskSpace(1000, 199))).isTrue();
    }
}
