package dev.kelpfs.master.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PulseTest {
    @ParameterizedTest
    @CsvSource({
        "150, 0, OK", "150, 449, OK", "150, 450, LATE", "150, 2000, LATE", "150, 2001, SILENT",
        // Long election timeouts have long heartbeats, and healthy masters that answer seldom.
        "5000, 4999, OK", "5000, 15000, LATE", "5000, 30001, SILENT",
    })
    void silenceIsMeasuredInHeartbeats(long heartbeatMillis, long silentMillis, Pulse expected) {
        Optional<Duration> silent = Optional.of(Duration.ofMillis(silentMillis));
        assertThat(Pulse.of(false, silent, Duration.ofMillis(heartbeatMillis))).isEqualTo(expected);
        assertThat(expected.isBad()).isEqualTo(expected != Pulse.OK);
    }

    @Test
    void onlyTheLeaderKnows() {
        assertThat(Pulse.of(true, Optional.empty(), Duration.ofMillis(150))).isEqualTo(Pulse.LEADS);
        assertThat(Pulse.of(false, Optional.empty(), Duration.ofMillis(150)).words()).isEmpty();
    }
}
