package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The three commands of the documentation, word for word but for the ports, where {@code localhost} is {@code ::1}. */
@ExtendWith(TestDirectories.class)
class OnlyIpv6LocalhostTest {
    private static final String LOOPBACK = "[::1]:";

    @Test
    void threeServersAreOneCluster(TestDirectory directory) throws Exception {
        assumeTrue(hasIpv6Loopback(), "this machine has no IPv6 loopback address");
        Path hosts = Files.writeString(directory.resolve("hosts"), "::1 localhost\n");
        List<PortPair> masters = Stream.generate(PortPair::reserve).limit(3).toList();
        List<PortPair> volumes = Stream.generate(PortPair::reserve).limit(3).toList();
        String peers = masters.stream().map(ports -> "localhost:" + ports.http()).collect(Collectors.joining(","));
        List<ManagedProcess> processes = new ArrayList<>();
        try (HttpFiles http = new HttpFiles()) {
            for (int i = 0; i < masters.size(); i++) {
                processes.add(ManagedProcess.start(WeedLauncher.plan("server" + i, directory.path(), List.of(
                        "server", "-master.ip=localhost", "-master.port=" + masters.get(i).http(), "-dir=./" + i,
                        "-volume.port=" + volumes.get(i).http(), "-master.peers=" + peers))
                        .withEnvironment("KELP_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts)));
            }
            for (PortPair ports : masters) {
                String master = LOOPBACK + ports.http();
                Await.until(master + " knows the leader and all servers", MasterCluster.LIMIT, () -> {
                    String page = http.get(master + "/").text();
                    return volumes.stream().allMatch(server -> page.contains("localhost:" + server.http()));
                });
                HttpFiles.Place place = http.assign(master);
                assertThat(place.url()).startsWith("localhost:");
                byte[] content = ("written through " + master).getBytes(StandardCharsets.UTF_8);
                String file = place.url().replace("localhost:", LOOPBACK) + "/" + place.id();
                assertThat(http.post(file, "text/plain", content).status()).isEqualTo(201);
                assertThat(http.get(file).body()).isEqualTo(content);
                for (PortPair any : masters) {
                    Answer found = http.get(LOOPBACK + any.http() + "/dir/lookup?volumeId=" + place.id().volume());
                    assertThat(found.text()).contains(place.url());
                }
            }
        } finally {
            processes.forEach(ManagedProcess::close);
            masters.forEach(PortPair::close);
            volumes.forEach(PortPair::close);
        }
    }

    private static boolean hasIpv6Loopback() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress("::1", 0));
            return true;
        } catch (IOException none) {
            return false;
        }
    }
}
