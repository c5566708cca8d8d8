package dev.kelpfs.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Bytes to be stored. */
sealed interface Content {
    /** Bytes whose number is known and that can be read again, from any place, by several threads. */
    non-sealed interface Repeatable extends Content {
        long bytes();

        /** The bytes from an offset on; the caller closes. */
        InputStream open(long offset) throws IOException;
    }

    /** Bytes that come once, until they end. */
    record Once(InputStream in) implements Content {}

    /** Bytes in memory. */
    record InMemory(byte[] array) implements Repeatable {
        @Override
        public long bytes() {
            return array.length;
        }

        @Override
        public InputStream open(long offset) {
            int from = (int) Objects.checkFromToIndex(offset, array.length, array.length);
            return new ByteArrayInputStream(array, from, array.length - from);
        }
    }
}
