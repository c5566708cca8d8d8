package dev.kelpfs.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Iterator;

/** What the head of a request must fulfil beyond its syntax (RFC 9112, sections 2.3, 3.2 and 6). */
final class HeadRules {
    private HeadRules() {}

    /**
     * Length of the body, 0 for none, {@link Request#UNKNOWN_LENGTH} for chunks.
     *
     * @throws HttpException if the request cannot be served; the connection must be closed then, as nobody knows where
     *     the next request would begin
     */
    static long bodyLength(HttpRequest head, int maxHeaders) {
        HttpHeaders headers = head.headers();
        HttpVersion version = head.protocolVersion();
        boolean current = HttpVersion.HTTP_1_1.equals(version);
        if (!current && !HttpVersion.HTTP_1_0.equals(version)) {
            throw new HttpException(505, "HTTP/1.1 and HTTP/1.0 are spoken here, not " + version);
        }
        if (headers.size() > maxHeaders) {
            throw new HttpException(431, "more than " + maxHeaders + " headers");
        }
        Iterator<? extends CharSequence> hosts = headers.valueCharSequenceIterator(HttpHeaderNames.HOST);
        if (hosts.hasNext()) {
            hosts.next();
            if (hosts.hasNext()) throw new HttpException(400, "more than one Host header");
        } else if (current) {
            throw new HttpException(400, "missing Host header");
        }
        Iterator<? extends CharSequence> codings = headers.valueCharSequenceIterator(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.hasNext()) {
            CharSequence coding = codings.next();
            if (!current) throw new HttpException(400, "Transfer-Encoding in an HTTP/1.0 request");
            if (codings.hasNext() || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
                throw new HttpException(400, "the only known Transfer-Encoding is chunked");
            }
            return Request.UNKNOWN_LENGTH;
        }
        return HttpUtil.getContentLength(head, 0L);
    }

    /** The answer to a head that could not even be decoded. */
    static HttpException undecodable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException line -> new HttpException(414, "the request line is too long");
            case TooLongHttpHeaderException headers -> new HttpException(431, "the headers are too long");
            default -> new HttpException(400, "malformed request: " + cause.getMessage());
        };
    }

    /** Whether the client waits for a go-ahead before it sends the body. */
    static boolean expectsContinue(HttpRequest head) {
        CharSequence expected = head.headers().get(HttpHeaderNames.EXPECT);
        if (expected == null || !HttpVersion.HTTP_1_1.equals(head.protocolVersion())) return false;
        if (HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) return true;
        throw new HttpException(417, "the only known expectation is 100-continue");
    }
}
