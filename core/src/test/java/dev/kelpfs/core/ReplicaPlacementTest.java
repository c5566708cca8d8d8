package dev.kelpfs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaPlacementTest {
    @ParameterizedTest
    @CsvSource({"'',000,1", "1,001,2", "10,010,2", "110,110,3", "200,200,3", "255,255,13"})
    void shortTextIsPaddedOnTheLeft(String text, String full, int copies) {
        ReplicaPlacement placement = ReplicaPlacement.parse(text);

        assertThat(placement).hasToString(full);
        assertThat(placement.copies()).isEqualTo(copies);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0010", "00x", "abc", "256", "300", "-01", " 1"})
    void refusesWhatTheReferenceSwallows(String text) {
        assertThatThrownBy(() -> ReplicaPlacement.parse(text)).hasMessageStartingWith("unexpected replication type: " + text);
    }

    @Test
    void everyByteReadsBack() {
        for (int b = 0; b <= 255; b++) assertThat(ReplicaPlacement.fromByte(b).toByte()).isEqualTo(b);
    }
}
