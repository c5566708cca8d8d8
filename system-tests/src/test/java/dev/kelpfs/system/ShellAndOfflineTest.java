package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An administrator's day on one server: the shell while it runs, the offline commands while it is stopped. */
@ExtendWith(TestDirectories.class)
class ShellAndOfflineTest {
    private static final int LIMIT_SECONDS = 60;

    private record Ended(int code, String out, String err) {}

    /** {@code ./weed <arguments>} with this on its standard input. */
    private static Ended weed(TestDirectory directory, String input, String... arguments) throws IOException, InterruptedException {
        ProcessPlan plan = WeedLauncher.plan("tool", directory.path(), List.of(arguments));
        Path in = Files.writeString(directory.resolve("in"), input);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(plan.command()).directory(directory.path().toFile())
                .redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(plan.environment());
        Process process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        return new Ended(process.waitFor(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err));
    }

    @Test
    void shellAndOfflineCommandsSeeWhatClientsStored(TestDirectory directory) throws Exception {
        byte[] kept = new Seed(1).bytes(30_000);
        try (HttpFiles http = new HttpFiles(); WeedServer server = new WeedServer(directory, http).start()) {
            HttpFiles.Place place = http.assign(server.master());
            String volume = place.id().volume().toString();
            String url = place.url() + "/" + place.id();
            assertThat(http.postForm(url, "kept.bin", "application/octet-stream", kept).status()).isEqualTo(201);

            Ended shell = weed(directory, "cluster.check\ncollection.list -o=json\nlock; volume.mark -node=" + server.volume()
                    + " -volumeId=" + volume + " -readonly; unlock; nonsense", "shell", "-master=" + server.master());
            assertThat(shell.code()).as(shell.err()).isEqualTo(1);
            assertThat(shell.err()).isEqualTo("unknown command: nonsense\n");
            assertThat(shell.out()).contains("... ok round trip", "volume " + volume + " on " + server.volume() + " is readonly now");
            assertThat(http.delete(url).status()).as("deleting from a read-only volume").isGreaterThanOrEqualTo(400);

            Ended listed = weed(directory, "volume.list -o=json -readonly", "shell", "-master=" + server.master());
            assertThat(listed.code()).as(listed.err()).isZero();
            JsonNode rows = new JsonMapper().readTree(listed.out()).get("dataCenters").get(0).get("racks").get(0).get("nodes").get(0)
                    .get("disks").get(0).get("volumes");
            assertThat(rows).hasSize(1);
            assertThat(rows.get(0).get("id").asString()).isEqualTo(volume);

            Ended busy = weed(directory, "", "compact", "-dir=" + server.data(), "-volumeId=" + volume);
            assertThat(busy.code()).isEqualTo(1);
            assertThat(busy.err()).contains(".kelp-volume.lock", "stop the volume server");

            assertThat(server.process().stop(WeedServer.STOP_LIMIT)).isZero();
            Ended fixed = weed(directory, "", "fix", server.data().toString());
            assertThat(fixed.code()).as(fixed.err()).isZero();
            Ended compacted = weed(directory, "", "compact", "-dir=" + server.data(), "-volumeId=" + volume, "-commit");
            assertThat(compacted.code()).as(compacted.err()).isZero();
            Ended exported = weed(directory, "", "export", "-dir=" + server.data(), "-volumeId=" + volume, "-o=all.tar");
            assertThat(exported.code()).as(exported.err()).isZero();
            assertThat(Files.size(directory.resolve("all.tar"))).isGreaterThan(kept.length);
            try (Stream<Path> left = Files.list(server.data())) {
                assertThat(left.map(Path::toString)).noneMatch(name -> name.endsWith(".cpd") || name.endsWith(".tmp"));
            }

            server.start();
            assertThat(http.get(url).body()).isEqualTo(kept);
        }
    }
}
