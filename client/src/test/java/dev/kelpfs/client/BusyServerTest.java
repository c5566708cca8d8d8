package dev.kelpfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads from, and deletes at, servers that have too much to do. */
class BusyServerTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private FakeCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster(1);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aReadComesAgainUntilItIsItsTurn(int busy) throws IOException {
        try (KelpClient client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()))) {
            StoredFile stored = client.put(NewFile.of(HELLO), Placement.DEFAULT);
            cluster.failures.addAll(Collections.nCopies(5, busy));
            assertThat(client.get(stored.id()).orElseThrow().readAll()).isEqualTo(HELLO);
            assertThat(cluster.failures).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aDeleteComesAgainUntilItIsItsTurn(int busy) throws IOException {
        try (KelpClient client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()))) {
            StoredFile stored = client.put(NewFile.of(HELLO), Placement.DEFAULT);
            cluster.failures.addAll(Collections.nCopies(5, busy));
            assertThat(client.delete(stored.id())).isTrue();
            assertThat(cluster.failures).isEmpty();
            assertThat(cluster.files).isEmpty();
        }
    }

    @Test
    void patienceWithDeletesEnds() throws IOException {
        ClientOptions hurried = ClientOptions.of(cluster.masterAddress()).withPatience(Duration.ofMillis(300));
        try (KelpClient client = KelpClient.connect(hurried)) {
            StoredFile stored = client.put(NewFile.of(HELLO), Placement.DEFAULT);
            cluster.failures.addAll(Collections.nCopies(100, 503));
            assertThatThrownBy(() -> client.delete(stored.id())).hasMessageContaining("answered 503");
            assertThat(cluster.failures).isNotEmpty();
            assertThat(cluster.files).hasSize(1);
        }
    }

    @Test
    void patienceEnds() throws IOException {
        ClientOptions hurried = ClientOptions.of(cluster.masterAddress()).withPatience(Duration.ofMillis(300));
        try (KelpClient client = KelpClient.connect(hurried)) {
            StoredFile stored = client.put(NewFile.of(HELLO), Placement.DEFAULT);
            cluster.failures.addAll(Collections.nCopies(100, 503));
            assertThatThrownBy(() -> client.get(stored.id())).hasMessageContaining("answered 503");
            assertThat(cluster.failures).isNotEmpty();
        }
    }
}
