package dev.kelpfs.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Percent encoding of paths and query parts, UTF-8; bytes that are no UTF-8 become U+FFFD. */
public final class PercentCoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final String PLAIN_IN_PATH = "-_.~$&+,/:;=@";

    private PercentCoding() {}

    /** A path decoded once; {@code +} stays. Empty if a {@code %} is not followed by two hex digits. */
    public static Optional<String> decodePath(String raw) {
        return decode(raw, false);
    }

    /** A name or value of a query or form decoded once; {@code +} is a blank. Empty for a bad escape. */
    public static Optional<String> decodeQueryPart(String raw) {
        return decode(raw, true);
    }

    /** Encodes a path so that {@link #decodePath} gives it back; {@code /} stays. */
    public static String encodePath(String path) {
        StringBuilder out = new StringBuilder(path.length() + 8);
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN_IN_PATH.indexOf(c) >= 0;
            if (plain) out.append(c);
            else out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
        }
        return out.toString();
    }

    private static Optional<String> decode(String raw, boolean plusIsBlank) {
        if (isPlain(raw, plusIsBlank)) return Optional.of(raw);
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) return Optional.empty();
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                // A request line arrives as bytes, one char each, so bytes above 0x7f are taken as they are.
                bytes[length++] = plusIsBlank && c == '+' ? (byte) ' ' : (byte) c;
            }
        }
        return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private static boolean isPlain(String raw, boolean plusIsBlank) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c >= 0x80 || plusIsBlank && c == '+') return false;
        }
        return true;
    }
}
