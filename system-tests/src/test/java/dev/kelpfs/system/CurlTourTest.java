package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the README shows, typed into a real curl. */
@ExtendWith(TestDirectories.class)
class CurlTourTest {
    @Test
    void storeReadLookUpAndDelete(TestDirectory directory) throws Exception {
        assumeThat(installed("curl")).as("curl is not installed").isTrue();
        Path photo = Files.write(directory.resolve("photo.jpg"), new Seed(9).bytes(200_000));
        try (HttpFiles http = new HttpFiles(); WeedServer server = new WeedServer(directory, http).start()) {
            String fid = http.assign(server.master()).id().toString();
            String url = "http://" + server.volume() + "/" + fid;

            assertThat(curl(directory, "-s", "http://" + server.master() + "/dir/assign")).contains("\"fid\":", "\"publicUrl\":");

            String stored = curl(directory, "-s", "-F", "file=@" + photo, url);
            assertThat(stored).contains("\"name\":\"photo.jpg\"", "\"size\":200000", "\"eTag\":");

            curl(directory, "-s", "-o", "copy.jpg", url);
            assertThat(directory.resolve("copy.jpg")).hasSameBinaryContentAs(photo);

            String head = curl(directory, "-sI", url).toLowerCase(Locale.ROOT);
            assertThat(head).startsWith("http/1.1 200").contains("content-length: 200000", "content-type: image/jpeg",
                    "etag: \"", "accept-ranges: bytes", "last-modified:", "photo.jpg");

            curl(directory, "-s", "-r", "100-199", "-o", "part", url);
            assertThat(directory.resolve("part")).hasSize(100);

            assertThat(curl(directory, "-s", "http://" + server.master() + "/dir/lookup?volumeId=" + fid.split(",")[0]))
                    .contains("\"locations\":[{\"url\":\"" + server.volume());

            assertThat(curl(directory, "-s", "-X", "DELETE", "-w", " %{http_code}", url)).endsWith(" 202");
            assertThat(curl(directory, "-s", "-o", "/dev/null", "-w", "%{http_code}", url)).isEqualTo("404");

            String raw = "http://" + server.volume() + "/" + http.assign(server.master()).id();
            assertThat(curl(directory, "-s", "-T", photo.toString(), "-H", "Expect: 100-continue", raw))
                    .contains("\"size\":200000");
            curl(directory, "-s", "-o", "raw", raw);
            assertThat(directory.resolve("raw")).hasSameBinaryContentAs(photo);

            assertThat(curl(directory, "-s", "http://" + server.volume() + "/status")).contains("\"Volumes\":[");
            assertThat(curl(directory, "-s", "http://" + server.master() + "/dir/status")).contains("\"DataCenters\":[");
            assertThat(curl(directory, "-s", "http://" + server.master() + "/cluster/status")).contains("\"IsLeader\":true");
        }
    }

    private static String curl(TestDirectory directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "--max-time", "30"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(directory.path().toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s printed %s", command, out).isZero();
        return out;
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }
}
