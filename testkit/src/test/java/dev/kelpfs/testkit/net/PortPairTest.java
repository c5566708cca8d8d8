package dev.kelpfs.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.TestDirectory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortPairTest {
    @Test
    void pairsNeverOverlapAndAreFree() throws Exception {
        List<PortPair> pairs = new ArrayList<>();
        Set<Integer> ports = new HashSet<>();
        try {
            for (int i = 0; i < 200; i++) {
                PortPair pair = PortPair.reserve();
                pairs.add(pair);
                assertThat(ports.add(pair.http())).as("%s given twice", pair).isTrue();
                assertThat(ports.add(pair.grpc())).as("%s given twice", pair).isTrue();
                assertThat(pair.http()).isBetween(10_000, 22_000);
                assertThat(pair.grpc() - pair.http()).isEqualTo(10_000);
            }
            for (PortPair pair : pairs) {
                try (ServerSocket http = new ServerSocket(pair.http()); ServerSocket grpc = new ServerSocket(pair.grpc())) {
                    assertThat(http.isBound() && grpc.isBound()).isTrue();
                }
            }
        } finally {
            pairs.forEach(PortPair::close);
        }
    }

    @Test
    void aPortInUseOnOneLoopbackAddressIsRefused() throws Exception {
        try (TestDirectory locks = TestDirectory.create("ports"); PortPair pair = PortPair.reserve()) {
            for (int port : List.of(pair.http(), pair.grpc())) {
                try (ServerSocket taken = new ServerSocket()) {
                    taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.2.1"), port));
                    assertThat(PortPair.tryReserve(locks.path(), pair.http())).isEmpty();
                }
            }
            try (PortPair now = PortPair.tryReserve(locks.path(), pair.http()).orElseThrow()) {
                assertThat(PortPair.tryReserve(locks.path(), pair.http())).as("locked by %s", now).isEmpty();
            }
            PortPair.tryReserve(locks.path(), pair.http()).orElseThrow().close();
        }
    }
}
