package dev.kelpfs.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "localhost:9333, localhost:9333, localhost:19333, localhost:9333",
        "10.0.0.1:443.10443, 10.0.0.1:443, 10.0.0.1:10443, 10.0.0.1:443",
        "10.0.0.1:443.7, 10.0.0.1:443, 10.0.0.1:7, 10.0.0.1:443.7",
        "[::1]:8080, [::1]:8080, [::1]:18080, [::1]:8080",
        "[::1]:8080.9, [::1]:8080, [::1]:9, [::1]:8080.9",
    })
    void readsBothPorts(String text, String http, String grpc, String shortest) {
        ServerAddress address = ServerAddress.parse(text);

        assertThat(address.http()).isEqualTo(http);
        assertThat(address.grpc()).isEqualTo(grpc);
        assertThat(address).hasToString(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":80", "host:x", "host:0", "host:65536", "::1:8080", "host:80.", "host:60000"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void serversAreComparedByTheirHttpAddress() {
        assertThat(ServerAddress.parse("h:9333").isSameServer(ServerAddress.parse("h:9333.7"))).isTrue();
        assertThat(ServerAddress.parse("h:9333").isSameServer(ServerAddress.parse("g:9333"))).isFalse();
    }

    @Test
    void listsSkipEmptyItems() {
        assertThat(ServerAddress.parseList(" a:1, ,b:2,")).hasToString("[a:1, b:2]");
    }
}
