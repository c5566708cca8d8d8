package dev.kelpfs.http.media;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Parameters of RFC 2231 and RFC 8187: {@code name*=utf-8''...} and {@code name*0=...; name*1*=...}.
 */
final class ExtendedParameters {
    private static final int MAX_PIECES = 100;

    private ExtendedParameters() {}

    /** Parameters under their plain names; pieces that cannot be decoded are left out. */
    static Map<String, String> decode(Map<String, String> raw) {
        Map<String, String> decoded = new LinkedHashMap<>();
        raw.forEach((name, value) -> {
            if (name.indexOf('*') < 0) decoded.put(name, bytesAsText(value));
        });
        raw.forEach((name, value) -> {
            int star = name.indexOf('*');
            if (star <= 0) return;
            String plain = name.substring(0, star);
            String rest = name.substring(star + 1);
            if (rest.isEmpty()) decodeSingle(value).ifPresent(text -> decoded.put(plain, text));
            else if (rest.equals("0") || rest.equals("0*")) decoded.put(plain, join(plain, raw));
        });
        return decoded;
    }

    private static Optional<String> decodeSingle(String value) {
        String[] parts = value.split("'", 3);
        if (parts.length != 3) return Optional.empty();
        boolean latin = parts[0].equalsIgnoreCase("iso-8859-1");
        boolean known = latin || parts[0].equalsIgnoreCase("utf-8") || parts[0].equalsIgnoreCase("us-ascii");
        return known ? unescape(parts[2], latin) : Optional.empty();
    }

    private static String join(String name, Map<String, String> raw) {
        StringBuilder joined = new StringBuilder();
        boolean latin = false;
        for (int i = 0; i < MAX_PIECES; i++) {
            String plain = raw.get(name + "*" + i);
            String escaped = raw.get(name + "*" + i + "*");
            if (plain != null) {
                joined.append(bytesAsText(plain));
            } else if (escaped != null) {
                String text = escaped;
                if (i == 0 && text.split("'", 3).length == 3) {
                    latin = text.regionMatches(true, 0, "iso-8859-1'", 0, 11);
                    text = text.split("'", 3)[2];
                }
                joined.append(unescape(text, latin).orElse(text));
            } else {
                break;
            }
        }
        return joined.toString();
    }

    private static Optional<String> unescape(String text, boolean latin) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) return Optional.empty();
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return Optional.of(new String(bytes, 0, length, latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
    }

    /** A header arrives with one char a byte; names in it are UTF-8 in practice. */
    private static String bytesAsText(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x80 && c <= 0xff) return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
        return value;
    }
}
