package dev.kelpfs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/b", "a\\b", "a\0b", "a\nb"})
    void aCollectionNameMustFitAFileName(String name) {
        assertThatThrownBy(() -> new CollectionName(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCollectionNameHasALimit() {
        assertThat(new CollectionName("x".repeat(CollectionName.MAX_CHARS)).text()).hasSize(CollectionName.MAX_CHARS);
        assertThatThrownBy(() -> new CollectionName("x".repeat(CollectionName.MAX_CHARS + 1)))
                .hasMessageContaining("at most " + CollectionName.MAX_CHARS);
    }

    @Test
    void ordinaryNamesPass() {
        assertThat(new CollectionName("my_pictures-2026.ä").text()).isEqualTo("my_pictures-2026.ä");
        assertThat(CollectionName.DEFAULT.isDefault()).isTrue();
    }

    @Test
    void hddAndTheEmptyTypeAreTheSame() {
        assertThat(new DiskType("HDD")).isEqualTo(DiskType.HDD);
        assertThat(DiskType.HDD.readable()).isEqualTo("hdd");
        assertThat(new DiskType(" SSD ").tag()).isEqualTo("ssd");
    }
}
