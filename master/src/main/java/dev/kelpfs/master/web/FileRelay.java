package dev.kelpfs.master.web;

import dev.kelpfs.http.BodyReader;
import dev.kelpfs.http.RequestBodyException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Sends files on to volume servers while they come in: neither side's pace needs memory here. The form that goes out ends
 * properly only if the file came in whole, so a volume server never stores a part of one. Safe for all threads.
 */
public final class FileRelay implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final int SUCCESS_END = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Executor threads;
    private final RandomGenerator random;
    /** Made when first needed: most masters never see an upload. Guarded by this. */
    private @Nullable HttpClient client;

    /** @param random safe for all threads */
    public FileRelay(Executor threads, RandomGenerator random) {
        this.threads = threads;
        this.random = random;
    }

    /** What a volume server stored. @param bytes length of the content, uncompressed */
    record Stored(long bytes, String eTag) {}

    /**
     * @param target {@code host:port/fid}, with a query if there is one
     * @param pairs headers to store beside the file
     * @throws RequestBodyException if the file did not come in whole, or has more than {@code maxBytes}
     * @throws IOException if the server could not be reached or did not store it; the message says why
     */
    Stored send(SubmittedFile file, String target, String token, Map<String, String> pairs, long maxBytes)
            throws IOException, InterruptedException {
        String boundary = "kelp-" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        Content content = new Content(file.content(), maxBytes);
        byte[] head = head(file, boundary);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + target))
                .timeout(LIMIT)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofInputStream(() -> new SequenceInputStream(Collections.enumeration(
                        List.of(new ByteArrayInputStream(head), content, new ByteArrayInputStream(tail))))));
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        pairs.forEach(request::header);
        HttpResponse<byte[]> answer;
        try {
            answer = client().send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException failed) {
            IOException reason = content.failure;
            if (reason != null) throw reason;
            throw new IOException("upload to " + target + ": " + failed, failed);
        }
        IOException failure = content.failure;
        if (failure != null) throw failure;
        return stored(target, answer);
    }

    private static Stored stored(String target, HttpResponse<byte[]> answer) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(answer.body());
        } catch (JacksonException unreadable) {
            throw new IOException("upload to " + target + ": answer " + answer.statusCode() + " is not JSON", unreadable);
        }
        if (answer.statusCode() >= SUCCESS_END || json.hasNonNull("error")) {
            throw new IOException("upload to " + target + ": " + answer.statusCode() + " " + json.path("error").asString(""));
        }
        return new Stored(json.path("size").asLong(0), json.path("eTag").asString(""));
    }

    private static byte[] head(SubmittedFile file, String boundary) {
        StringBuilder head = new StringBuilder("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"file\"");
        // Text goes out as one char a byte, so a name must be UTF-8 before.
        if (!file.name().isEmpty()) head.append("; filename=\"").append(quoted(utf8(file.name()))).append('"');
        if (!file.mime().isEmpty()) head.append("\r\nContent-Type: ").append(oneLine(file.mime()));
        if (file.gzipped()) head.append("\r\nContent-Encoding: gzip");
        if (!file.md5().isEmpty()) head.append("\r\nContent-MD5: ").append(oneLine(file.md5()));
        return head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String quoted(String name) {
        return oneLine(name).replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }

    private synchronized HttpClient client() {
        HttpClient known = client;
        if (known != null) return known;
        HttpClient made = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .executor(threads)
                .build();
        client = made;
        return made;
    }

    /** Cuts uploads under way. */
    @Override
    public synchronized void close() {
        if (client != null) client.shutdownNow();
    }

    /** The file as the client's stream; remembers why it ended too early. One thread at a time. */
    private static final class Content extends InputStream {
        private final BodyReader body;
        private final long maxBytes;
        private long read;
        volatile @Nullable IOException failure;

        Content(BodyReader body, long maxBytes) {
            this.body = body;
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) == BodyReader.END ? BodyReader.END : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) return 0;
            try {
                int bytes = body.read(ByteBuffer.wrap(into, offset, length));
                if (bytes == BodyReader.END) return BodyReader.END;
                read += bytes;
                if (read > maxBytes) throw new RequestBodyException(400, tooLarge(maxBytes));
                return bytes;
            } catch (IOException failed) {
                failure = failed;
                throw failed;
            }
        }
    }

    static String tooLarge(long maxBytes) {
        return "file over the limited " + maxBytes + " bytes; take an id from /dir/assign and upload to its url, in chunks if need be";
    }
}
