package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.core.FileId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two requests that the harness makes itself: ask a master for ids, store a file. For all threads. */
final class HttpFiles implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /** Ids that follow each other in one volume, and the server that takes them. */
    record Range(FileId first, int count, String url) {
        List<FileId> ids() {
            List<FileId> ids = new ArrayList<>(count);
            for (int i = 0; i < count; i++) ids.add(new FileId(first.volume(), first.key().plus(i), first.cookie()));
            return ids;
        }
    }

    /** @throws IOException if the master does not answer 200, with what it said */
    Range assign(InetSocketAddress master, int count) throws IOException, InterruptedException {
        return assign(master, count, "");
    }

    /** The same with more parameters, each with its ampersand in front. */
    Range assign(InetSocketAddress master, int count, String parameters) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + hostPort(master) + "/dir/assign?count=" + count + parameters);
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IOException(uri + " answered " + answer.statusCode() + " " + answer.body());
        JsonNode json = JSON.readTree(answer.body());
        return new Range(
                FileId.parse(json.get("fid").asString()), json.get("count").asInt(), json.get("url").asString());
    }

    /** @throws IOException if the volume server does not answer 201, with what it said */
    void store(String url, FileId id, byte[] content) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + url + "/" + id))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(content))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IOException("storing " + id + " at " + url + " answered " + answer.statusCode() + " " + answer.body());
        }
    }

    static String hostPort(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    public void close() {
        http.close();
    }
}
