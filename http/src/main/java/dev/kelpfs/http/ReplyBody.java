package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;

/** What an answer carries. */
sealed interface ReplyBody {
    /** No bytes. */
    record Empty() implements ReplyBody {
        static final Empty INSTANCE = new Empty();
    }

    /** All bytes at hand; whoever holds this must release them. */
    record Bytes(ByteBuf bytes) implements ReplyBody {}

    /** @param length exact number of bytes, or {@link #UNKNOWN} */
    record Stream(long length, BodyWriter writer) implements ReplyBody {
        static final long UNKNOWN = -1;
    }
}
