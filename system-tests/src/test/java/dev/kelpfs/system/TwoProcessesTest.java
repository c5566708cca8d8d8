package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code weed master} and {@code weed volume} apart: each may die without the other. */
@ExtendWith(TestDirectories.class)
class TwoProcessesTest {
    private static final String HOST = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final PortPair masterPorts = PortPair.reserve();
    private final PortPair volumePorts = PortPair.reserve();
    private final HttpFiles http = new HttpFiles();

    @AfterEach
    void giveBack() {
        http.close();
        masterPorts.close();
        volumePorts.close();
    }

    @Test
    void readsSurviveTheMasterAndWritesReturnWithIt(TestDirectory directory) throws Exception {
        byte[] content = new Seed(6).bytes(10_000);
        Ledger ledger = new Ledger();
        ManagedProcess master = startMaster(directory);
        try (ManagedProcess volume = startVolume(directory)) {
            HttpFiles.Place place = http.assign(master());
            ledger.open(place);
            store(place, content);
            for (int i = 0; i < 50; i++) ledger.open(http.assign(master()));
            master.kill();
            assertThat(http.get(url(place)).body()).isEqualTo(content);
            assertThat(http.get(volume() + "/healthz").status()).isEqualTo(200);
            master = startMaster(directory);
            for (int i = 0; i < 50; i++) ledger.open(http.assign(master()));
            HttpFiles.Place later = http.assign(master());
            ledger.open(later);
            store(later, content);
            assertThat(http.get(url(place)).body()).isEqualTo(content);
            assertThat(http.get(master() + "/dir/lookup?volumeId=" + place.id().volume()).text()).contains(volume());
            assertThat(volume.isAlive()).isTrue();
        } finally {
            master.close();
        }
    }

    @Test
    void aKilledVolumeServerComesBackWithItsFiles(TestDirectory directory) throws Exception {
        byte[] content = new Seed(7).bytes(70_000);
        try (ManagedProcess master = startMaster(directory)) {
            HttpFiles.Place place;
            try (ManagedProcess volume = startVolume(directory)) {
                place = http.assign(master());
                store(place, content);
                volume.kill();
            }
            Await.until("the master no longer assigns to the dead", LIMIT,
                    () -> http.get(master() + "/dir/assign").status() != 200);
            try (ManagedProcess volume = startVolume(directory)) {
                assertThat(http.get(url(place)).body()).isEqualTo(content);
                store(http.assign(master()), content);
                assertThat(volume.stop(LIMIT)).as("exit code of the volume server").isZero();
            }
            assertThat(master.stop(LIMIT)).as("exit code of the master").isZero();
        }
    }

    @Test
    void aVolumeServerWaitsForItsMasterAndServesMeanwhile(TestDirectory directory) throws Exception {
        HttpFiles.Place place;
        byte[] content = new Seed(8).bytes(100);
        try (ManagedProcess master = startMaster(directory); ManagedProcess volume = startVolume(directory)) {
            place = http.assign(master());
            store(place, content);
            assertThat(volume.isAlive() && master.isAlive()).isTrue();
        }
        try (ManagedProcess volume = startVolume(directory)) {
            assertThat(http.get(url(place)).body()).as("read without any master").isEqualTo(content);
            try (ManagedProcess master = startMaster(directory)) {
                store(http.assign(master()), content);
                assertThat(volume.isAlive() && master.isAlive()).isTrue();
            }
        }
    }

    private ManagedProcess startMaster(TestDirectory directory) throws InterruptedException {
        ManagedProcess process = ManagedProcess.start(WeedLauncher.plan("master", directory.path(), List.of(
                "master", "-ip=" + HOST, "-port=" + masterPorts.http(), "-mdir=" + directory.resolve("mdir"))));
        process.awaitUntil("the master is well", LIMIT, () -> http.get(master() + "/cluster/healthz").status() == 200);
        return process;
    }

    private ManagedProcess startVolume(TestDirectory directory) throws InterruptedException {
        ManagedProcess process = ManagedProcess.start(WeedLauncher.plan("volume", directory.path(), List.of(
                "volume", "-ip=" + HOST, "-port=" + volumePorts.http(), "-dir=" + directory.resolve("data"),
                "-mserver=" + master(), "-preStopSeconds=0")));
        process.awaitUntil("the volume server is well", LIMIT, () -> http.get(volume() + "/healthz").status() == 200);
        return process;
    }

    private void store(HttpFiles.Place place, byte[] content) throws Exception {
        assertThat(http.post(url(place), "application/octet-stream", content).status()).isEqualTo(201);
        assertThat(http.get(url(place)).body()).isEqualTo(content);
    }

    private String master() {
        return HOST + ":" + masterPorts.http();
    }

    private String volume() {
        return HOST + ":" + volumePorts.http();
    }

    private static String url(HttpFiles.Place place) {
        return place.url() + "/" + place.id();
    }
}
