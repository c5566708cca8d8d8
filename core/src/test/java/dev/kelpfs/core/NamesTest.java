package dev.kelpfs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
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
        for (String letter : List.of("x", "\u00e4", "\u4f60")) {
            int most = CollectionName.MAX_BYTES / letter.getBytes(StandardCharsets.UTF_8).length;
            assertThat(new CollectionName(letter.repeat(most)).text()).hasSize(most);
            assertThatThrownBy(() -> new CollectionName(letter.repeat(most + 1)))
                    .hasMessageContaining("at most " + CollectionName.MAX_BYTES + " bytes").hasMessageContaining(letter.repeat(40) + "...");
        }
        assertThatThrownBy(() -> new CollectionName("x".repeat(1 << 20))).message().hasSizeLessThan(200);
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
