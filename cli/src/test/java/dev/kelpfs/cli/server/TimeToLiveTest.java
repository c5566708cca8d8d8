package dev.kelpfs.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.master.MasterConfig;
import dev.kelpfs.master.MasterEnvironment;
import dev.kelpfs.master.MasterListeners;
import dev.kelpfs.master.MasterServer;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.volume.DataDirectory;
import dev.kelpfs.volume.Listeners;
import dev.kelpfs.volume.VolumeServer;
import dev.kelpfs.volume.VolumeServerConfig;
import dev.kelpfs.volume.VolumeServerEnvironment;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What has a time to live, from the assignment to the day when its place is free again: a master, a volume server, one clock. */
@ExtendWith(TestDirectories.class)
class TimeToLiveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SLOTS = 8;
    private static final Pattern ASSIGNED = Pattern.compile("\"fid\":\"([^\"]+)\",\"url\":\"([^\"]+)\"");

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime rpc = RpcRuntime.start(1, handlers);
    private final HttpRuntime http = HttpRuntime.start(1, clock, Ticker.system());
    private final HttpClient client = HttpClient.newHttpClient();
    private Path data;
    private MasterServer master;
    private VolumeServer volume;

    @BeforeEach
    void start(TestDirectory directory) throws IOException {
        data = Files.createDirectory(directory.resolve("data"));
        PrometheusRegistry metrics = new PrometheusRegistry();
        SecureRandom random = new SecureRandom();
        master = MasterServer.start(
                MasterConfig.defaults("127.0.0.1", directory.resolve("master")).withListeners(MasterListeners.anywhere("127.0.0.1")),
                new MasterEnvironment(clock, Ticker.system(), random, RealDisk.create(), http, rpc, metrics));
        volume = VolumeServer.start(
                VolumeServerConfig.defaults("127.0.0.1", List.of(DataDirectory.of(data).withMaxVolumes(SLOTS)))
                        .withListeners(Listeners.anywhere("127.0.0.1"))
                        .withMasters(List.of(master.address()))
                        .withPreStop(Duration.ZERO),
                new VolumeServerEnvironment(clock, Ticker.system(), random, RealDisk.create(), http, rpc, metrics, _ -> {}));
    }

    @AfterEach
    void stop() throws IOException {
        volume.close();
        master.close();
        client.close();
        http.close();
        rpc.close();
        handlers.shutdownNow();
    }

    @Test
    void aFileIsGoneWhenItsTimeIsOverAndSoIsItsVolumeALittleLater() throws Exception {
        String url = assign("collection=news&ttl=1m");
        String volumeId = url.substring(url.lastIndexOf('/') + 1, url.indexOf(','));
        assertThat(send("PUT", url + "?ttl=1m&ts=1000000000", "a bulletin").statusCode()).isEqualTo(201);
        assertThat(send("GET", url, "").body()).isEqualTo("a bulletin");

        ahead.set(Duration.ofSeconds(59 + 3));
        assertThat(send("GET", url, "").statusCode()).isEqualTo(404);
        assertThat(send("HEAD", url, "").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", url, "").statusCode()).isEqualTo(404);
        assertThat(filesOf(volumeId)).as("the volume waits for its own time").isNotEmpty();

        ahead.set(Duration.ofMinutes(4));
        Await.until("its files are gone", PATIENCE, () -> filesOf(volumeId).isEmpty());
        Await.until("the master knows it no more", PATIENCE,
                () -> master("/dir/lookup?volumeId=" + volumeId).statusCode() == 404);
        assertThat(master("/dir/status").body()).contains("\"Max\":" + SLOTS + ",\"Free\":" + SLOTS);
        assertThat(send("GET", url, "").statusCode()).isEqualTo(404);

        String next = assign("collection=news&ttl=1m");
        assertThat(next.substring(next.lastIndexOf('/'))).as("no id comes twice").doesNotStartWith("/" + volumeId + ",");
        assertThat(send("PUT", next, "the next bulletin").statusCode()).isEqualTo(201);
        assertThat(send("GET", next, "").body()).as("it has the time of its volume").isEqualTo("the next bulletin");
        ahead.set(Duration.ofMinutes(4).plusSeconds(65));
        assertThat(send("GET", next, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aFileWithATimeOfItsOwnLeavesTheOthersOfItsVolumeAlone() throws Exception {
        String brief = assign("");
        String lasting = brief + "_1";
        assertThat(send("PUT", brief + "?ttl=1m", "for a minute").statusCode()).isEqualTo(201);
        assertThat(send("PUT", lasting, "for good").statusCode()).isEqualTo(201);
        ahead.set(Duration.ofHours(1));
        assertThat(send("GET", brief, "").statusCode()).isEqualTo(404);
        assertThat(send("GET", lasting, "").body()).isEqualTo("for good");
    }

    /** The URL of a new file, in a layout of one volume. */
    private String assign(String wish) throws Exception {
        HttpResponse<String> assigned = master("/dir/assign?writableVolumeCount=1&count=2&" + wish);
        Matcher found = ASSIGNED.matcher(assigned.body());
        assertThat(found.find()).as(assigned.body()).isTrue();
        return "http://" + found.group(2) + "/" + found.group(1);
    }

    private List<String> filesOf(String volumeId) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("news_" + volumeId + ".")).toList();
        }
    }

    private HttpResponse<String> master(String target) throws Exception {
        return send("GET", "http://" + master.address().http() + target, "");
    }

    private HttpResponse<String> send(String method, String url, String body) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).method(method,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }
}
