package dev.kelpfs.benchmarks.harness;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection that sends and takes large bodies with as little work as a client can do. Only one thread. */
final class LargeTransfer implements AutoCloseable {
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int HEAD_BYTES = 16 << 10;

    private final SocketChannel channel;
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES);
    private final String host;

    LargeTransfer(InetSocketAddress server) throws IOException {
        channel = SocketChannel.open(server);
        host = HttpFiles.hostPort(server);
    }

    /** Takes the body and forgets it. @return its length */
    long get(String path) throws IOException {
        write(ByteBuffer.wrap(head("GET", path, "")));
        long length = answer("200");
        long seen = window.remaining();
        while (seen < length) {
            window.clear();
            int read = channel.read(window);
            if (read < 0) throw new EOFException(path + " ended after " + seen + " of " + length + " bytes");
            seen += read;
        }
        window.clear().limit(0);
        return seen;
    }

    /** @param body from its position to its limit; stays as it is */
    void put(String path, ByteBuffer body) throws IOException {
        ByteBuffer content = body.duplicate();
        write(ByteBuffer.wrap(head("PUT", path, "Content-Type: application/octet-stream\r\nContent-Length: " + content.remaining()
                + "\r\n")));
        write(content);
        long rest = answer("201") - window.remaining();
        window.clear().limit(0);
        for (; rest > 0; rest -= read()) window.clear();
        window.clear().limit(0);
    }

    private byte[] head(String method, String path, String headers) {
        return (method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    private int read() throws IOException {
        int read = channel.read(window);
        if (read < 0) throw new EOFException("the server hung up");
        return read;
    }

    /** Reads a head; what came of the body behind it stays in the window. @return the length of the body */
    private long answer(String status) throws IOException {
        window.clear();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            if (head.length() > HEAD_BYTES) throw new IOException("a head of more than " + HEAD_BYTES + " bytes");
            read();
            head.setLength(0);
            head.append(StandardCharsets.ISO_8859_1.decode(window.duplicate().flip().limit(Math.min(window.position(), HEAD_BYTES))));
        }
        int end = head.indexOf("\r\n\r\n") + 4;
        window.flip().position(end);
        boolean expected = head.substring(0, Math.min(head.length(), 12)).endsWith(status);
        if (!expected) throw new IOException("expected " + status + ", got: " + head);
        for (String line : head.substring(0, end).toLowerCase(Locale.ROOT).split("\r\n")) {
            if (line.startsWith("content-length:")) return Long.parseLong(line.substring("content-length:".length()).strip());
        }
        throw new IOException("an answer without a length: " + head);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
