package dev.kelpfs.http.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Writes the head of a request. Control characters in values become blanks, so that nobody can inject a header. */
final class RequestHead {
    private static final int LIKELY_BYTES = 512;

    private RequestHead() {}

    static ByteBuf of(PeerRequest request, ByteBufAllocator allocator) {
        ByteBuf out = allocator.directBuffer(LIKELY_BYTES);
        write(out, request.method().name());
        out.writeByte(' ');
        write(out, request.target());
        write(out, " HTTP/1.1\r\nHost: ");
        write(out, request.peer());
        for (int i = 0; i < request.headers().size(); i += 2) {
            write(out, "\r\n");
            write(out, request.headers().get(i));
            write(out, ": ");
            writeValue(out, request.headers().get(i + 1));
        }
        if (!request.body().isEmpty()) {
            write(out, "\r\nContent-Length: ");
            write(out, Long.toString(request.bodyBytes()));
        }
        write(out, "\r\n\r\n");
        return out;
    }

    private static void write(ByteBuf out, String ascii) {
        for (int i = 0; i < ascii.length(); i++) out.writeByte(ascii.charAt(i));
    }

    private static void writeValue(ByteBuf out, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            out.writeByte(c < ' ' && c != '\t' || c == 0x7f ? ' ' : c > 0xff ? '?' : c);
        }
    }
}
