package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes heads of answers: {@code begin}, then fields, then {@code end}; {@link #length} and {@link #copyTo} take the
 * result. One per event loop and confined to it; the bytes are gathered in an array because that is the fastest place.
 */
final class HeadEncoder {
    /** Interim answer to {@code Expect: 100-continue}. */
    static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private static final byte[] LENGTH_ZERO = ascii("Content-Length: 0\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final int KEPT_BYTES = 16 << 10;
    private static final int MAX_LONG_DIGITS = 20;
    private static final int STATUS_LINES = 600;
    private static final byte[][] STATUS_LINE = statusLines();

    private byte[] bytes = new byte[1024];
    private int length;

    void begin(int status) {
        if (bytes.length > KEPT_BYTES) bytes = new byte[1024];
        length = 0;
        raw(status < STATUS_LINES ? STATUS_LINE[status] : statusLine(status));
    }

    /** Copies a complete line or several. */
    void raw(byte[] lines) {
        reserve(lines.length);
        System.arraycopy(lines, 0, bytes, length, lines.length);
        length += lines.length;
    }

    void fields(HeaderFields fields) {
        for (int i = 0; i < fields.size(); i++) {
            CharSequence name = fields.name(i);
            CharSequence value = fields.value(i);
            reserve(name.length() + value.length() + 4);
            append(name);
            bytes[length++] = ':';
            bytes[length++] = ' ';
            int start = length;
            append(value);
            blankControls(start);
            bytes[length++] = '\r';
            bytes[length++] = '\n';
        }
    }

    void contentLength(long value) {
        if (value == 0) {
            raw(LENGTH_ZERO);
            return;
        }
        raw(LENGTH);
        reserve(MAX_LONG_DIGITS + 2);
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) digits++;
        long rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    void chunked() {
        raw(CHUNKED);
    }

    /** Says what becomes of the connection, where the version of the client does not say it already. */
    void connection(boolean keepAlive, boolean oldClient) {
        if (!keepAlive) raw(CLOSE);
        else if (oldClient) raw(KEEP_ALIVE);
    }

    void end() {
        reserve(2);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    int length() {
        return length;
    }

    void copyTo(ByteBuf target) {
        target.writeBytes(bytes, 0, length);
    }

    private void append(CharSequence text) {
        int count = text.length();
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, count);
        } else {
            for (int i = 0; i < count; i++) {
                char c = text.charAt(i);
                bytes[length + i] = c > 0xff ? (byte) '?' : (byte) c;
            }
        }
        length += count;
    }

    /** No value may end its line: control characters, CR and LF among them, become blanks. */
    private void blankControls(int start) {
        for (int i = start; i < length; i++) {
            byte b = bytes[i];
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) bytes[i] = ' ';
        }
    }

    private void reserve(int more) {
        if (bytes.length - length < more) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }

    private static byte[][] statusLines() {
        byte[][] lines = new byte[STATUS_LINES][];
        for (int status = 0; status < lines.length; status++) lines[status] = statusLine(status);
        return lines;
    }

    private static byte[] statusLine(int status) {
        return ascii("HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
