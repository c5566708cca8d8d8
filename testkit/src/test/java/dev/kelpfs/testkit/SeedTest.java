package dev.kelpfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedTest {
    @Test
    void equalSeedsGiveEqualBytes() {
        assertThat(new Seed(7).bytes(1000)).isEqualTo(new Seed(7).bytes(1000)).isNotEqualTo(new Seed(8).bytes(1000));
    }

    @Test
    void derivedSeedsDifferFromEachOtherAndAreStable() {
        Set<Seed> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) seen.add(new Seed(42).derive(i));
        assertThat(seen).hasSize(10_000).contains(new Seed(42).derive(77));
    }

    @Test
    void thePropertyFixesTheSeed() {
        String before = System.getProperty(Seed.PROPERTY);
        try {
            System.setProperty(Seed.PROPERTY, "0x10");
            assertThat(Seed.announced("SeedTest")).isEqualTo(new Seed(16));
        } finally {
            if (before == null) System.clearProperty(Seed.PROPERTY);
            else System.setProperty(Seed.PROPERTY, before);
        }
    }
}
