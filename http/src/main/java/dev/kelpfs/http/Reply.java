package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One answer: status, headers and a body that is empty, bytes, or written as a stream. Used for one exchange, by one
 * thread at a time. The server itself writes {@code Content-Length}, {@code Transfer-Encoding}, {@code Connection} and
 * {@code Date}, and leaves the body away for HEAD, 204 and 304.
 *
 * <p>In header values one char is one byte (ISO-8859-1); control characters become blanks, so that nobody can inject a
 * header, and chars above 0xFF become {@code ?}.
 */
public final class Reply {
    /** Value of {@code Content-Type} for JSON. */
    public static final AsciiString JSON_TYPE = AsciiString.cached("application/json");
    /** Value of {@code Content-Type} for text. */
    public static final AsciiString TEXT_TYPE = AsciiString.cached("text/plain; charset=utf-8");

    static final long NOT_GIVEN = -1;

    private static final AsciiString CONTENT_TYPE_OPTIONS = AsciiString.cached("X-Content-Type-Options");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
    private static final AsciiString NOSNIFF = AsciiString.cached("nosniff");
    private static final int FIRST_STATUS = 200;
    private static final int LAST_STATUS = 999;

    private final int status;
    private final HeaderFields headers = new HeaderFields();
    private ReplyBody body = ReplyBody.Empty.INSTANCE;
    private long headLength = NOT_GIVEN;
    private boolean closing;

    private Reply(int status) {
        this.status = status;
    }

    /** An answer without headers and body. */
    public static Reply of(int status) {
        if (status < FIRST_STATUS || status > LAST_STATUS) {
            throw new IllegalArgumentException("the status of an answer is 200 to 999, got " + status);
        }
        return new Reply(status);
    }

    /** JSON text with its type and {@code nosniff}. */
    public static Reply json(int status, String json) {
        return of(status).header(CONTENT_TYPE, JSON_TYPE).header(CONTENT_TYPE_OPTIONS, NOSNIFF).body(json);
    }

    /** Plain text in UTF-8. */
    public static Reply text(int status, String text) {
        return of(status).header(CONTENT_TYPE, TEXT_TYPE).body(text);
    }

    /** A message for people in plain text, with {@code nosniff} and a line end. */
    public static Reply error(int status, String message) {
        return text(status, message + "\n").header(CONTENT_TYPE_OPTIONS, NOSNIFF);
    }

    /** Whether a header may have this name; {@link #header} refuses others. */
    public static boolean isHeaderName(CharSequence name) {
        return HeaderFields.isName(name);
    }

    public int status() {
        return status;
    }

    /**
     * Sets a header, in place of any of that name.
     *
     * @throws IllegalArgumentException if the name is not a token, or names a header that the server writes itself
     */
    public Reply header(CharSequence name, CharSequence value) {
        refuseReserved(name);
        headers.set(name, value);
        return this;
    }

    /** Adds a header beside those of that name; throws as {@link #header(CharSequence, CharSequence)} does. */
    public Reply addHeader(CharSequence name, CharSequence value) {
        refuseReserved(name);
        headers.add(name, value);
        return this;
    }

    public Reply removeHeader(CharSequence name) {
        headers.remove(name);
        return this;
    }

    /** The first value set under that name. */
    public Optional<CharSequence> header(CharSequence name) {
        int index = headers.indexOf(name);
        return index < 0 ? Optional.empty() : Optional.of(headers.value(index));
    }

    /** Sends the readable bytes; the reply owns the buffer from now on. */
    public Reply body(ByteBuf bytes) {
        return replaceBody(new ReplyBody.Bytes(bytes));
    }

    /** Sends these bytes; the array must not change any more. */
    public Reply body(byte[] bytes) {
        return body(Unpooled.wrappedBuffer(bytes));
    }

    /** Sends the text in UTF-8. */
    public Reply body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends exactly {@code lengthBytes} bytes that {@code writer} produces; fewer or more cut the connection. */
    public Reply stream(long lengthBytes, BodyWriter writer) {
        if (lengthBytes < 0) throw new IllegalArgumentException("a body's length must not be negative, got " + lengthBytes);
        return replaceBody(new ReplyBody.Stream(lengthBytes, writer));
    }

    /** Sends what {@code writer} produces, in chunks. */
    public Reply stream(BodyWriter writer) {
        return replaceBody(new ReplyBody.Stream(ReplyBody.Stream.UNKNOWN, writer));
    }

    /**
     * For the answer to a HEAD request without making a body: the {@code Content-Length} that GET would send. Ignored
     * for other methods.
     */
    public Reply headLength(long lengthBytes) {
        if (lengthBytes < 0) throw new IllegalArgumentException("a body's length must not be negative, got " + lengthBytes);
        headLength = lengthBytes;
        return this;
    }

    /** Closes the connection after this answer. */
    public Reply closeConnection() {
        closing = true;
        return this;
    }

    /** Frees the body of a reply that is not going to be sent. */
    public void release() {
        replaceBody(ReplyBody.Empty.INSTANCE);
    }

    HeaderFields headers() {
        return headers;
    }

    ReplyBody replyBody() {
        return body;
    }

    /** Gives the body away: its taker releases it. */
    ReplyBody takeBody() {
        ReplyBody taken = body;
        body = ReplyBody.Empty.INSTANCE;
        return taken;
    }

    long headLengthOrNotGiven() {
        return headLength;
    }

    boolean isClosing() {
        return closing;
    }

    private Reply replaceBody(ReplyBody next) {
        if (body instanceof ReplyBody.Bytes(ByteBuf bytes)) bytes.release();
        body = next;
        return this;
    }

    private static void refuseReserved(CharSequence name) {
        boolean reserved = switch (name.length()) {
            case 4 -> HttpHeaderNames.DATE.contentEqualsIgnoreCase(name);
            case 10 -> HttpHeaderNames.CONNECTION.contentEqualsIgnoreCase(name);
            case 14 -> HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name);
            case 17 -> HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name);
            default -> false;
        };
        if (reserved) throw new IllegalArgumentException("the server writes " + name + " itself");
    }
}
