package dev.kelpfs.system;

import dev.kelpfs.core.FileId;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.net.NamedNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** HTTP as any program speaks it, also to machines of a {@link NamedNetwork}. Safe for many threads. */
final class HttpFiles implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ASSIGN_LIMIT = Duration.ofSeconds(30);

    private final HttpClient http;
    private final Duration timeout;

    HttpFiles() {
        this(TIMEOUT);
    }

    /** @param timeout after which a request is given up; a process that is stopped by a signal takes connections and is silent */
    HttpFiles(Duration timeout) {
        this.timeout = timeout;
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout).build();
    }

    /** A place to write: the id, and the server that takes it. */
    record Place(FileId id, String url) {}

    Answer get(String url) throws IOException, InterruptedException {
        return send(request(url).GET());
    }

    Answer delete(String url) throws IOException, InterruptedException {
        return send(request(url).DELETE());
    }

    Answer head(String url) throws IOException, InterruptedException {
        return send(request(url).method("HEAD", BodyPublishers.noBody()));
    }

    Answer post(String url, String type, byte[] body) throws IOException, InterruptedException {
        return send(request(url).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
    }

    /** As a browser sends a form with one file. */
    Answer postForm(String url, String fileName, String type, byte[] content) throws IOException, InterruptedException {
        String boundary = "----kelp-test-boundary";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                + "\"\r\nContent-Type: " + type + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return post(url, "multipart/form-data; boundary=" + boundary, body.toByteArray());
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create("http://" + NamedNetwork.reach(url))).timeout(timeout);
    }

    /** Asks for a place until one is given: 503 and a master that is not there yet mean "again". */
    Place assign(String master) throws InterruptedException {
        return Await.value("a file id is assigned by " + master, ASSIGN_LIMIT, () -> tryAssign(master));
    }

    /** One try. @return nothing for 503, which tells a client to come again */
    Optional<Place> tryAssign(String master) throws IOException, InterruptedException {
        return tryAssign(master, "");
    }

    /** The same with a query, its question mark included. */
    Optional<Place> tryAssign(String master, String query) throws IOException, InterruptedException {
        Answer answer = get(master + "/dir/assign" + query);
        if (answer.status() == 503) return Optional.empty();
        if (answer.status() != 200) throw new IOException("assign: " + answer);
        JsonNode json = answer.json();
        return Optional.of(new Place(FileId.parse(json.get("fid").asString()), json.get("url").asString()));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
