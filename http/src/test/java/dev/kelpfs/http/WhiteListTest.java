package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhiteListTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, true", "10.255.0.1, true", "11.0.0.1, false", "192.168.1.7, true", "192.168.1.8, false", "::1, true",
        "fd00::5, true", "fe80::5, false", "172.16.15.255, true", "172.16.16.0, false"
    })
    void admitsAddressesAndNetworks(String peer, boolean admitted) {
        WhiteList list = WhiteList.of(List.of("10.0.0.0/8", " 192.168.1.7 ", "172.16.0.0/20", "::1", "fd00::/9", ""));

        assertThat(list.admits(InetAddress.ofLiteral(peer))).isEqualTo(admitted);
    }

    @Test
    void anEmptyListAdmitsAll() {
        assertThat(WhiteList.of(List.of()).admits(InetAddress.ofLiteral("1.2.3.4"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/-1", "/8"})
    void refusesWhatIsNoNetwork(String entry) {
        assertThatThrownBy(() -> WhiteList.of(List.of(entry))).hasMessageContaining(entry);
    }
}
