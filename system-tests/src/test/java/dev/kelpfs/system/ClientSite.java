package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where client programs are tried: a server, a directory with files to send, and a look at what was stored. */
final class ClientSite {
    private static final int LIMIT_SECONDS = 90;
    /** A name that people give to files. */
    static final String NAME = "holiday photo \u00e4 (1).jpg";

    private final TestDirectory directory;
    private final WeedServer server;
    private final HttpFiles http;
    private final Seed seed = Seed.announced("RealClients");
    private int made;

    ClientSite(TestDirectory directory, WeedServer server, HttpFiles http) {
        this.directory = directory;
        this.server = server;
        this.http = http;
    }

    String master() {
        return "http://" + server.master();
    }

    /** A URL for a new file. */
    String place() throws InterruptedException {
        return places(1);
    }

    /** A URL for as many new files; the further ones have {@code _1} and so on behind it. */
    String places(int count) throws InterruptedException {
        HttpFiles.Place place = Await.value("a place is assigned", Duration.ofSeconds(60),
                () -> http.tryAssign(server.master(), "?count=" + count));
        return "http://" + place.url() + "/" + place.id();
    }

    /** A file of random bytes under a name that is usual for files, but not for headers. */
    Path file(int bytes) throws IOException {
        return write(NAME, seed.derive(made++).bytes(bytes));
    }

    Path write(String name, byte[] content) throws IOException {
        return Files.write(Files.createDirectories(directory.resolve("files" + made++)).resolve(name), content);
    }

    /** A path where a client may put something. */
    Path target() throws IOException {
        return Files.createDirectories(directory.resolve("got" + made++)).resolve("file");
    }

    Answer get(String url, String... headers) throws IOException, InterruptedException {
        var request = http.request(url.substring("http://".length())).GET();
        if (headers.length > 0) request.headers(headers);
        return http.send(request);
    }

    Answer put(String url, byte[] content) throws IOException, InterruptedException {
        return http.send(http.request(url.substring("http://".length())).PUT(BodyPublishers.ofByteArray(content)));
    }

    /** Stores a file as a form does. */
    void form(String url, String name, byte[] content, String type) throws IOException, InterruptedException {
        assertThat(http.postForm(url.substring("http://".length()), name, type, content).status()).isEqualTo(201);
    }

    /** Checks that exactly this is stored. */
    Answer stored(String url, Path original) throws IOException, InterruptedException {
        return stored(url, Files.readAllBytes(original));
    }

    Answer stored(String url, byte[] original) throws IOException, InterruptedException {
        Answer answer = get(url);
        assertThat(answer.status()).as(url).isEqualTo(200);
        assertThat(answer.body()).as(url).isEqualTo(original);
        return answer;
    }

    /** Runs a program to its end. @return what it printed on standard output; with another exit code than 0 the test fails */
    String run(String... command) throws IOException, InterruptedException {
        return run(List.of(command), 0);
    }

    String run(List<String> command, int exitCode) throws IOException, InterruptedException {
        File errors = Files.createTempFile(directory.path(), "err", ".txt").toFile();
        Process process = new ProcessBuilder(command).directory(directory.path().toFile())
                .redirectInput(new File("/dev/null")).redirectError(errors).start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
            assertThat(process.exitValue()).as("%s printed %s and %s", command, out, Files.readString(errors.toPath()))
                    .isEqualTo(exitCode);
            return out;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Where a program is on the path. */
    static Optional<String> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(part -> Path.of(part, name)))
                .filter(Files::isExecutable).map(Path::toString).findFirst();
    }
}
