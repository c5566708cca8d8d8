package dev.kelpfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    @Test
    void saysWhyInOneLine() {
        assertThat(StatusLine.of(Status.UNAVAILABLE.withDescription("io exception")
                .withCause(new IOException(new ConnectException("failed with error(-111): Connection refused")))))
                .isEqualTo("UNAVAILABLE: connection refused");
        assertThat(StatusLine.of(Status.UNAVAILABLE.withDescription("io exception")
                .withCause(new IOException("Connection reset by peer\nat some place"))))
                .isEqualTo("UNAVAILABLE: Connection reset by peer");
        assertThat(StatusLine.of(Status.UNKNOWN.withDescription("volume 3 is full"))).isEqualTo("UNKNOWN: volume 3 is full");
        assertThat(StatusLine.of(Status.CANCELLED.withDescription("bad").withCause(new IllegalStateException("so bad"))))
                .isEqualTo("CANCELLED: bad: so bad");
        assertThat(StatusLine.of(Status.DEADLINE_EXCEEDED)).isEqualTo("DEADLINE_EXCEEDED");
    }
}
