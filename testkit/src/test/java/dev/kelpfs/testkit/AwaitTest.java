package dev.kelpfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    @Test
    void comesBackWithTheValueOnceItIsThere() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        String value = Await.value("three tries", Duration.ofSeconds(30),
                () -> tries.incrementAndGet() < 3 ? Optional.empty() : Optional.of("there"));
        assertThat(value).isEqualTo("there");
        assertThat(tries).hasValue(3);
    }

    @Test
    void saysWhatWasAwaitedAndWhatWentWrongLast() {
        assertThatThrownBy(() -> Await.until("pigs fly", Duration.ofMillis(20), () -> {
            throw new IOException("no wings");
        })).isInstanceOf(AssertionError.class).hasMessageContaining("pigs fly").hasRootCauseMessage("no wings");
    }

    @Test
    void triesOnceEvenWithoutTime() throws Exception {
        Await.until("true is true", Duration.ZERO, () -> true);
    }

    @Test
    void refusesLimitsThatHideHangs() {
        assertThatThrownBy(() -> Await.until("x", Duration.ofSeconds(61), () -> true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
