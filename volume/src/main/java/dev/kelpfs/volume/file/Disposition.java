package dev.kelpfs.volume.file;

import java.nio.charset.StandardCharsets;

/**
 * The {@code Content-Disposition} of an answer: {@code inline} or {@code attachment} and the file name as a plain token,
 * a quoted string, or {@code filename*=utf-8''...} when it has other than printable ASCII characters.
 *
 * <p>Source: volume server, section 3.4 step 17.
 */
final class Disposition {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final boolean[] TOKEN = tokenCharacters();

    private Disposition() {}

    static String of(boolean attachment, String name) {
        String start = attachment ? "attachment; filename" : "inline; filename";
        boolean token = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x7f || c < ' ' && c != '\t') return start + "*=utf-8''" + percentEncoded(name);
            if (!isTokenChar(c)) token = false;
        }
        return token ? start + "=" + name : start + "=" + quoted(name);
    }

    private static boolean isTokenChar(int c) {
        return c < TOKEN.length && TOKEN[c];
    }

    /** Printable ASCII but for blanks and separators; a table, because every answer with a name asks for each character. */
    private static boolean[] tokenCharacters() {
        boolean[] token = new boolean[0x7f];
        for (int c = ' ' + 1; c < token.length; c++) token[c] = "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
        return token;
    }

    private static String quoted(String name) {
        StringBuilder text = new StringBuilder(name.length() + 8).append('"');
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') text.append('\\');
            text.append(c);
        }
        return text.append('"').toString();
    }

    private static String percentEncoded(String name) {
        StringBuilder text = new StringBuilder(name.length() * 3);
        for (byte signed : name.getBytes(StandardCharsets.UTF_8)) {
            int b = signed & 0xff;
            if (isTokenChar(b) && b != '*' && b != '\'' && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(HEX[b >> 4]).append(HEX[b & 15]);
            }
        }
        return text.toString();
    }
}
