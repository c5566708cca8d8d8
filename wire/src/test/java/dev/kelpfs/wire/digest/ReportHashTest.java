package dev.kelpfs.wire.digest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.wire.master.VolumeInformationMessage;
import org.junit.jupiter.api.Test;

class ReportHashTest {
    private static final VolumeInformationMessage KNOWN = VolumeInformationMessage.newBuilder()
            .setId(7).setSize(1048576).setFileCount(3).setDeleteCount(1).setDeletedByteCount(100).setReplicaPlacement(1)
            .setVersion(3).setTtl(0x0f03).setCompactRevision(2).setModifiedAtSecond(1700000000).setCollection("pics").build();

    @Test
    void hashesTheKnownReport() {
        assertThat(ReportHash.of(KNOWN)).isEqualTo(0x2c973d7f8f29b9b7L);
    }

    @Test
    void countsAreCappedAndATtlWithoutCountIsNone() {
        assertThat(ReportHash.of(KNOWN.toBuilder().setFileCount(1L << 40).build()))
                .isEqualTo(ReportHash.of(KNOWN.toBuilder().setFileCount(0xffff_ffffL).build()));
        assertThat(ReportHash.of(KNOWN.toBuilder().setTtl(3).build())).isEqualTo(ReportHash.of(KNOWN.toBuilder().setTtl(0).build()));
    }
}
