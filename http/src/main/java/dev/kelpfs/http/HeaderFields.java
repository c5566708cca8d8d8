package dev.kelpfs.http;

import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * Header fields of an answer in the order in which they were set. Names are compared without case. Not safe for
 * threads.
 */
final class HeaderFields {
    private static final int FIRST_CAPACITY = 12;
    private static final boolean[] TOKEN = tokenCharacters();

    private CharSequence[] names = new CharSequence[FIRST_CAPACITY];
    private CharSequence[] values = new CharSequence[FIRST_CAPACITY];
    private int size;

    /** Whether {@code name} may be the name of a header: one or more token characters of RFC 9110, 5.6.2. */
    static boolean isName(CharSequence name) {
        int length = name.length();
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c >= TOKEN.length || !TOKEN[c]) return false;
        }
        return length > 0;
    }

    int size() {
        return size;
    }

    CharSequence name(int index) {
        return names[index];
    }

    CharSequence value(int index) {
        return values[index];
    }

    int indexOf(CharSequence name) {
        for (int i = 0; i < size; i++) {
            if (AsciiString.contentEqualsIgnoreCase(names[i], name)) return i;
        }
        return -1;
    }

    void add(CharSequence name, CharSequence value) {
        if (!isName(name)) throw new IllegalArgumentException("\"" + name + "\" cannot be the name of a header");
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        names[size] = name;
        values[size++] = value;
    }

    /** Replaces the first field of that name in its place, drops further ones, or adds one. */
    void set(CharSequence name, CharSequence value) {
        int first = indexOf(name);
        if (first < 0) {
            add(name, value);
            return;
        }
        names[first] = name;
        values[first] = value;
        removeFrom(first + 1, name);
    }

    void remove(CharSequence name) {
        removeFrom(0, name);
    }

    private void removeFrom(int from, CharSequence name) {
        int kept = from;
        for (int i = from; i < size; i++) {
            if (AsciiString.contentEqualsIgnoreCase(names[i], name)) continue;
            names[kept] = names[i];
            values[kept++] = values[i];
        }
        size = kept;
    }

    private static boolean[] tokenCharacters() {
        boolean[] token = new boolean[128];
        for (char c = '0'; c <= '9'; c++) token[c] = true;
        for (char c = 'a'; c <= 'z'; c++) token[c] = true;
        for (char c = 'A'; c <= 'Z'; c++) token[c] = true;
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) token[c] = true;
        return token;
    }
}
