package dev.kelpfs.master.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhiteListTest {
    @Test
    void admitsAddressesAndNetworks() {
        WhiteList list = WhiteList.of(List.of("10.0.0.7", " 192.168.0.0/20 ", "fd00::/8", ""));
        assertThat(list.admits(InetAddress.ofLiteral("10.0.0.7"))).isTrue();
        assertThat(list.admits(InetAddress.ofLiteral("10.0.0.8"))).isFalse();
        assertThat(list.admits(InetAddress.ofLiteral("192.168.15.255"))).isTrue();
        assertThat(list.admits(InetAddress.ofLiteral("192.168.16.0"))).isFalse();
        assertThat(list.admits(InetAddress.ofLiteral("fd12::1"))).isTrue();
    }

    @Test
    void anEmptyListAdmitsEverybodyAndNamesAreRefused() {
        assertThat(WhiteList.of(List.of()).admitsAll()).isTrue();
        assertThatThrownBy(() -> WhiteList.of(List.of("localhost"))).hasMessageContaining("localhost");
        assertThatThrownBy(() -> WhiteList.of(List.of("10.0.0.0/33"))).hasMessageContaining("10.0.0.0/33");
    }
}
