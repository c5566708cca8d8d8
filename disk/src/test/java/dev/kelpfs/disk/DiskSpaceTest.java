package dev.kelpfs.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DiskSpaceTest {
    @Test
    void countsShares() {
        assertThat(new DiskSpace(200, 50).freePercent()).isEqualTo(25.0);
        assertThat(new DiskSpace(200, 50).usedBytes()).isEqualTo(150);
        assertThat(new DiskSpace(0, 0).freePercent()).isZero();
        assertThat(new DiskSpace(10, 20).usedBytes()).isZero(); // some file systems say so
        assertThatIllegalArgumentException().isThrownBy(() -> new DiskSpace(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new DiskSpace(0, -1));
    }
}
