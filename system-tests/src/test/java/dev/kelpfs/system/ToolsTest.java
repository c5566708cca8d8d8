package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code upload}, {@code download} and {@code benchmark} as a user calls them. */
@ExtendWith(TestDirectories.class)
class ToolsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static HttpFiles http;
    private static WeedServer server;
    private static TestDirectory directory;

    @BeforeAll
    static void start(TestDirectory made) throws InterruptedException {
        directory = made;
        http = new HttpFiles();
        server = new WeedServer(made, http, "-volume.max=60").start();
    }

    @AfterAll
    static void stop() {
        server.close();
        http.close();
    }

    private static EndedTool weed(String command, String... arguments) throws Exception {
        return weed(new byte[0], command, arguments);
    }

    private static EndedTool weed(byte[] in, String command, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(command, "-master=" + server.master()));
        line.addAll(List.of(arguments));
        return EndedTool.run(directory, in, line.toArray(String[]::new));
    }

    private static Path file(String name, byte[] content) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    @Test
    void storesAListAndFetchesItBack() throws Exception {
        Path small = file("in/kleiner Gruß.txt", "hello".getBytes(StandardCharsets.UTF_8));
        Path large = file("in/large.bin", new Seed(11).bytes(9_000_001));
        Path empty = file("in/empty.dat", new byte[0]);

        EndedTool stored = weed("upload", "-collection=lists", small.toString(), large.toString(), empty.toString());

        assertThat(stored.code()).as(stored.err()).isZero();
        assertThat(stored.err()).as("quiet in a pipe").isEmpty();
        assertThat(stored.out().lines()).hasSize(1);
        JsonNode list = stored.json();
        assertThat(list).hasSize(3);
        String first = list.get(0).get("fid").asString();
        assertThat(list.get(1).get("fid").asString()).isEqualTo(first + "_1");
        assertThat(list.get(1).get("size").asLong()).isEqualTo(9_000_001);
        assertThat(list.get(1).get("url").asString()).isEqualTo(server.volume() + "/" + first + "_1");
        assertThat(http.get(server.volume() + "/" + first + "_1?cm=false").json().get("chunks")).hasSize(3);

        EndedTool fetched = weed("download", "-dir=" + directory.resolve("out"), first, first + "_1", first + "_2");

        assertThat(fetched.code()).as(fetched.out() + fetched.err()).isZero();
        assertThat(fetched.out() + fetched.err()).isEmpty();
        assertThat(directory.resolve("out/kleiner Gruß.txt")).hasSameBinaryContentAs(small);
        assertThat(directory.resolve("out/large.bin")).hasSameBinaryContentAs(large);
        assertThat(Files.getLastModifiedTime(directory.resolve("out/large.bin")).toInstant().getEpochSecond())
                .isEqualTo(Files.getLastModifiedTime(large).toInstant().getEpochSecond());
        try (Stream<Path> files = Files.list(directory.resolve("out"))) {
            assertThat(files.filter(each -> Files.exists(each) && each.toFile().length() == 0)).as("the empty one").hasSize(1);
        }
    }

    @Test
    void storesADirectoryAndWhatIsPipedIn() throws Exception {
        for (String name : List.of("d/a.txt", "d/sub/b.txt", "d/c.jpg")) file(name, name.getBytes(StandardCharsets.UTF_8));

        EndedTool stored = weed("upload", "-dir=d", "-include=*.txt", "-ttl=1d");
        assertThat(stored.code()).as(stored.err()).isZero();
        assertThat(stored.out().lines()).hasSize(2).allMatch(line -> line.startsWith("[{") && line.endsWith("}]"));

        byte[] piped = new Seed(12).bytes(5_000_000);
        EndedTool fromPipe = weed(piped, "upload", "-");
        assertThat(fromPipe.code()).as(fromPipe.err()).isZero();
        assertThat(http.get(fromPipe.json().get(0).get("url").asString()).body()).isEqualTo(piped);
    }

    @Test
    void whatIsMissingIsToldAndTheRestIsDone() throws Exception {
        Path there = file("there.txt", new byte[] {1});

        EndedTool stored = weed("upload", "nowhere.txt", there.toString());
        assertThat(stored.code()).isEqualTo(1);
        assertThat(stored.err()).contains("nowhere.txt was not stored: there is no file");
        assertThat(stored.json().get(0).get("error").asString()).contains("there is no file");
        String fid = stored.json().get(1).get("fid").asString();

        EndedTool fetched = weed("download", "-dir=some", "7777,0163703700", fid, "nonsense");
        assertThat(fetched.code()).isEqualTo(1);
        assertThat(fetched.out().lines()).hasSize(2).first().asString()
                .startsWith("Download Error:  7777,0163703700 there is no such file");
        assertThat(directory.resolve("some")).isDirectoryContaining("glob:**there.txt");
        assertThat(directory.resolve("some")).as("nothing empty is left for what is missing")
                .isDirectoryNotContaining("glob:**{7777,part}*");
    }

    @Test
    void benchmarkReportsBothPhases() throws Exception {
        EndedTool text = weed("benchmark", "-n=300", "-c=4", "-list=ids.txt", "-deletePercent=20");
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out()).contains("------------ Writing Benchmark ----------", "Concurrency Level:      4",
                "Failed requests:        0", "------------ Randomly Reading Benchmark ----------", "  100% ");
        List<String> ids = Files.readAllLines(directory.resolve("ids.txt"));
        assertThat(ids).hasSizeBetween(150, 299);

        EndedTool json = weed("benchmark", "-readOnly", "-readSequentially", "-c=4", "-list=ids.txt", "-o=json");
        assertThat(json.code()).as(json.err()).isZero();
        assertThat(json.json().get(0).get("completed").asInt()).isEqualTo(ids.size());

        Files.writeString(directory.resolve("wrong.txt"), "# a comment\n\n7777,0163703700\n");
        EndedTool failed = weed("benchmark", "-readOnly", "-readSequentially", "-list=wrong.txt", "-o=json");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.json().get(0).get("failed").asInt()).isEqualTo(1);
        assertThat(failed.err()).contains("read of 7777,0163703700 failed");
    }

    @Test
    void flagsComeFromAFileOfOptions() throws Exception {
        Path small = file("env.txt", new byte[] {1});
        Files.writeString(directory.resolve("upload.options"), "# shared\ncollection=fromfile\n");
        EndedTool stored = weed("upload", "-options=upload.options", small.toString());
        assertThat(stored.code()).as(stored.err()).isZero();
        String volume = stored.json().get(0).get("fid").asString().split(",")[0];
        String lookUp = server.master() + "/dir/lookup?volumeId=" + volume + "&collection=";
        assertThat(http.get(lookUp + "fromfile").status()).isEqualTo(200);
        assertThat(http.get(lookUp + "other").status()).isEqualTo(404);
    }
}
