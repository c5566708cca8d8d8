package dev.kelpfs.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stores, reads and deletes small files the way curl does, for {@link Training}. */
final class TrainingClient {
    /** Enough to meet every path several times; more would only have the JVM compile at each start what it then thinks hot. */
    private static final int ROUNDS = 40;

    private static final int CONNECT_TRIES = 200;
    private static final int PAUSE_MILLIS = 50;
    private static final int FILE_BYTES = 1024;
    private static final Pattern FILE_ID = Pattern.compile("\"fid\":\"([^\"]+)\"");
    private static final Pattern URL = Pattern.compile("\"url\":\"[^\"]*:([0-9]+)\"");

    private final int masterPort;

    TrainingClient(int masterPort) {
        this.masterPort = masterPort;
    }

    void run() throws IOException, InterruptedException {
        String assigned = firstAssign();
        int volumePort = Integer.parseInt(find(URL, assigned));
        try (Http master = new Http(masterPort); Http volume = new Http(volumePort)) {
            for (int i = 0; i < ROUNDS; i++) round(master, volume, i);
            for (String path : List.of("/cluster/status", "/dir/status", "/cluster/healthz")) master.call("GET", path, "", "");
            for (String path : List.of("/status", "/healthz")) volume.call("GET", path, "", "");
        }
    }

    private static void round(Http master, Http volume, int number) throws IOException {
        String id = find(FILE_ID, master.call("GET", "/dir/assign", "", ""));
        master.call("GET", "/dir/lookup?volumeId=" + id.substring(0, id.indexOf(',')), "", "");
        String content = "x".repeat(FILE_BYTES);
        if (number % 2 == 0) {
            volume.call("PUT", "/" + id, "Content-Type: application/octet-stream\r\n", content);
        } else {
            String head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
                    + "Content-Type: text/plain\r\n\r\n";
            volume.call("POST", "/" + id, "Content-Type: multipart/form-data; boundary=b\r\n", head + content + "\r\n--b--\r\n");
        }
        volume.call("GET", "/" + id, "", "");
        if (number % 4 == 0) volume.call("GET", "/" + id, "Range: bytes=1-9\r\n", "");
        if (number % 8 == 0) volume.call("DELETE", "/" + id, "", "");
    }

    /** The server is being started by another thread: asks until it answers with an id. */
    private String firstAssign() throws IOException, InterruptedException {
        IOException last = new IOException("the master gave out no file id");
        for (int i = 0; i < CONNECT_TRIES; i++) {
            try (Http master = new Http(masterPort)) {
                String answer = master.call("GET", "/dir/assign", "", "");
                if (FILE_ID.matcher(answer).find()) return answer;
            } catch (IOException notYet) {
                last = notYet;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw last;
    }

    private static String find(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) throw new IOException("expected " + pattern + " in the answer, got: " + text);
        return matcher.group(1);
    }

    /** One kept-alive connection; understands answers with a length or in chunks. */
    private static final class Http implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Http(int port) throws IOException {
            socket = new Socket("localhost", port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        String call(String method, String path, String headers, String body) throws IOException {
            byte[] content = body.getBytes(StandardCharsets.ISO_8859_1);
            String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers
                    + "Content-Length: " + content.length + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            int length = 0;
            boolean chunked = false;
            for (String line = line(); !line.isEmpty(); line = line()) {
                String header = line.toLowerCase(Locale.ROOT);
                if (header.startsWith("content-length:")) length = Integer.parseInt(header.substring(15).strip());
                if (header.startsWith("transfer-encoding:")) chunked = true;
            }
            return chunked ? chunks() : new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }

        private String chunks() throws IOException {
            StringBuilder text = new StringBuilder();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                text.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
                line();
            }
            line();
            return text.toString();
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) throw new IOException("the server hung up");
                if (c != '\r') line.append((char) c);
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
