package dev.kelpfs.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly the bytes it is told, and reads answers strictly. Text is ISO-8859-1: one char, one byte. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** @param receiveBufferBytes of the socket, 0 for the system's choice */
    static RawClient connect(int port, int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        if (receiveBufferBytes > 0) socket.setReceiveBufferSize(receiveBufferBytes);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new RawClient(socket);
    }

    /** One answer; for HEAD call {@link #head()} instead. */
    record Answer(int status, List<String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }

        String header(String name) {
            return headers.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                    .map(line -> line.substring(name.length() + 2))
                    .reduce((a, b) -> {
                        throw new AssertionError("two headers " + name + ": " + headers);
                    })
                    .orElse("");
        }
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes so that the peer sees a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Answer answer() throws IOException {
        Answer head = head();
        if (head.status == 204 || head.status == 304) return head;
        return new Answer(head.status, head.headers, body(head));
    }

    /** Status and headers only. */
    Answer head() throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.1 ")) throw new AssertionError("no status line: " + status);
        List<String> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) headers.add(line);
        return new Answer(Integer.parseInt(status.substring(9, 12)), headers, new byte[0]);
    }

    /** Whether the server closes without another byte. */
    boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Whether something has come that was not read yet. */
    boolean isAnswerThere() throws IOException {
        return in.available() > 0;
    }

    byte[] readFully(int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        if (read.length < bytes) throw new EOFException("ended after " + read.length + " of " + bytes + " bytes");
        return read;
    }

    byte[] readToEnd() throws IOException {
        return in.readAllBytes();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] body(Answer head) throws IOException {
        if (head.header("Transfer-Encoding").equals("chunked")) return chunks();
        String length = head.header("Content-Length");
        return length.isEmpty() ? readToEnd() : readFully(Integer.parseInt(length));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            all.writeBytes(readFully(size));
            if (!line().isEmpty()) throw new AssertionError("a chunk must end with CR LF");
            if (size == 0) return all.toByteArray();
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) throw new EOFException("the server closed the connection after \"" + line + "\"");
            if (c == '\r') {
                if (in.read() != '\n') throw new AssertionError("CR without LF");
                return line.toString();
            }
            if (c == '\n') throw new AssertionError("LF without CR");
            line.append((char) c);
        }
    }
}
