package dev.kelpfs.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormsTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S, 0s", "0s, PT0S, 0s", "1h30m, PT1H30M, 1h30m0s", "1.5s, PT1.5S, 1.5s", "300ms, PT0.3S, 300ms",
        "60s, PT1M, 1m0s", "24h, PT24H, 24h0m0s", "5us, PT0.000005S, 5\u00b5s", "5\u00b5s, PT0.000005S, 5\u00b5s",
        "7ns, PT0.000000007S, 7ns", "-2m, PT-2M, -2m0s", "+.5h, PT30M, 30m0s", "90m, PT1H30M, 1h30m0s"
    })
    void readsAndPrintsDurations(String text, Duration duration, String printed) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
        assertThat(DurationText.of(duration)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "1", "10", "s", "1x", "1h 30m", ".s", "1..5s", "1s2", "9999999h"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void findsTheNearestNameOrNone() {
        List<String> names = List.of("port", "port.grpc", "dir", "volume.max", "master.peers", "volumeSizeLimitMB");
        assertThat(NearestName.of("prot", names)).contains("port");
        assertThat(NearestName.of("PORT", names)).contains("port");
        assertThat(NearestName.of("max", names)).contains("volume.max");
        assertThat(NearestName.of("master.dir", names)).contains("dir");
        assertThat(NearestName.of("master.peer", names)).contains("master.peers");
        assertThat(NearestName.of("volumeSizeLimitMb", names)).contains("volumeSizeLimitMB");
        assertThat(NearestName.of("zebra", names)).isEmpty();
        assertThat(NearestName.of("", List.of())).isEmpty();
    }
}
