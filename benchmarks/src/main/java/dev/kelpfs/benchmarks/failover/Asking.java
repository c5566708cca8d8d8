package dev.kelpfs.benchmarks.failover;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Questions over HTTP whose answer is text. For all threads. */
final class Asking implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * The answer to a GET.
     *
     * @param limit after which it counts as failed
     */
    HttpResponse<String> ask(String hostAndPath, Duration limit) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://" + hostAndPath)).timeout(limit).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The body of a GET. @throws IOException if it is not answered 200 within seconds, with what came instead */
    String text(String hostAndPath) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(hostAndPath, Duration.ofSeconds(30));
        if (answer.statusCode() != 200) throw new IOException(hostAndPath + " answered " + answer.statusCode() + " " + answer.body());
        return answer.body();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
