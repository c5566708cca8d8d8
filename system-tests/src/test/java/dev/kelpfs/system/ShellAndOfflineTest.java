package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An administrator's day on one server: the shell while it runs, the offline commands while it is stopped. */
@ExtendWith(TestDirectories.class)
class ShellAndOfflineTest {
    @Test
    void shellAndOfflineCommandsSeeWhatClientsStored(TestDirectory directory) throws Exception {
        byte[] kept = new Seed(1).bytes(30_000);
        try (HttpFiles http = new HttpFiles(); WeedServer server = new WeedServer(directory, http).start()) {
            HttpFiles.Place place = http.assign(server.master());
            String volume = place.id().volume().toString();
            String url = place.url() + "/" + place.id();
            assertThat(http.postForm(url, "kept.bin", "application/octet-stream", kept).status()).isEqualTo(201);

            EndedTool shell = EndedTool.run(directory, "cluster.check\ncollection.list -o=json\nlock; volume.mark -node=" + server.volume()
                    + " -volumeId=" + volume + " -readonly; unlock; nonsense", "shell", "-master=" + server.master());
            assertThat(shell.code()).as(shell.err()).isEqualTo(1);
            assertThat(shell.err()).isEqualTo("unknown command: nonsense\n");
            assertThat(shell.out()).contains("... ok round trip", "volume " + volume + " on " + server.volume() + " is readonly now");
            assertThat(http.delete(url).status()).as("deleting from a read-only volume").isGreaterThanOrEqualTo(400);

            EndedTool listed = EndedTool.run(directory, "volume.list -o=json -readonly", "shell", "-master=" + server.master());
            assertThat(listed.code()).as(listed.err()).isZero();
            JsonNode rows = new JsonMapper().readTree(listed.out()).get("dataCenters").get(0).get("racks").get(0).get("nodes").get(0)
                    .get("disks").get(0).get("volumes");
            assertThat(rows).hasSize(1);
            assertThat(rows.get(0).get("id").asString()).isEqualTo(volume);

            EndedTool busy = EndedTool.run(directory, "", "compact", "-dir=" + server.data(), "-volumeId=" + volume);
            assertThat(busy.code()).isEqualTo(1);
            assertThat(busy.err()).contains(".kelp-volume.lock", "stop the volume server");

            assertThat(server.process().stop(WeedServer.STOP_LIMIT)).isZero();
            EndedTool fixed = EndedTool.run(directory, "", "fix", server.data().toString());
            assertThat(fixed.code()).as(fixed.err()).isZero();
            EndedTool compacted = EndedTool.run(directory, "", "compact", "-dir=" + server.data(), "-volumeId=" + volume, "-commit");
            assertThat(compacted.code()).as(compacted.err()).isZero();
            EndedTool exported = EndedTool.run(directory, "", "export", "-dir=" + server.data(), "-volumeId=" + volume, "-o=all.tar");
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
