package dev.kelpfs.volume.file;

import java.nio.charset.StandardCharsets;

/**
 * Text in headers. Clients and the reference put UTF-8 there, while a header value of the HTTP room has one char for
 * each byte. ASCII, nearly always, passes untouched.
 */
final class HeaderText {
    private HeaderText() {}

    /** The text that a header value from the wire means. */
    static String fromWire(String oneCharAByte) {
        if (isAscii(oneCharAByte)) return oneCharAByte;
        return new String(oneCharAByte.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The header value that carries a text. */
    static String toWire(String text) {
        if (isAscii(text)) return text;
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) return false;
        }
        return true;
    }
}
