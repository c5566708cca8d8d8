package dev.kelpfs.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Bytes as they are, for requests that no decent client would send. */
final class RawHttp implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final Socket socket;

    RawHttp(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.setTcpNoDelay(true);
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    /** Ends our side orderly; the server may still answer. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether something has come back that was not read yet. */
    boolean isAnswered() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    /** All that comes until the server closes, or the first line of an answer if it keeps the connection. */
    String statusLine() throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (line.length() < MAX_ANSWER_BYTES) {
            int b = in.read();
            if (b < 0 || b == '\n') return line.toString().trim();
            line.append((char) b);
        }
        return line.toString();
    }

    /** Closes with a reset, as a client that dies does. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
