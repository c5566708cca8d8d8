package dev.kelpfs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TtlTest {
    @ParameterizedTest
    @CsvSource({
        "3m,3m", "60m,1h", "24h,1d", "7d,1w", "30d,1M", "365d,1y", "500m,8h", "300d,10M", "90m,90m", "90,90m", "256,4h", "0,''",
        "0d,''", "'',''", "255y,255y", "12M,12M",
    })
    void isExpressedInTheLargestUnitThatHoldsItExactly(String text, String normal) {
        assertThat(Ttl.parse(text)).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "3x", "3s", "-3m", "+3m", "m", "3 m", "256y", "99999999999999999999m", "3.5h"})
    void refusesNonsense(String text) {
        assertThatThrownBy(() -> Ttl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void travelsAsCountAndUnit() {
        Ttl ttl = Ttl.parse("15d");

        assertThat(ttl.toWire()).isEqualTo(0x0f03);
        assertThat(Ttl.fromWire(0x0f03)).isEqualTo(ttl);
        assertThat(Ttl.fromBytes(0x0f, 3)).isEqualTo(ttl);
        assertThat(ttl.duration()).isEqualTo(Duration.ofDays(15));
    }

    @ParameterizedTest
    @CsvSource({"0,3", "5,0", "5,7", "5,255"})
    void bytesThatNameNoTimeAreNone(int count, int unit) {
        assertThat(Ttl.fromBytes(count, unit)).isEqualTo(Ttl.NONE);
        assertThat(Ttl.fromBytes(count, unit).toWire()).isZero();
    }
}
