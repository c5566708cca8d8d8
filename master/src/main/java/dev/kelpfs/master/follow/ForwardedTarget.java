package dev.kelpfs.master.follow;

/** The target of a request in a form that a URI allows, from which a master of Kelp reads the same path and parameters. */
final class ForwardedTarget {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final String ALLOWED = "-_.~!$&'()*+,;=:@/?";
    private static final int ESCAPE_CHARS = 3;

    private ForwardedTarget() {}

    /**
     * Pure.
     *
     * @param rawPath with good escapes only, one char for each byte of the request line
     * @param rawQuery the same, but perhaps with bad escapes: such parameters are left out, as all masters do when they read it
     */
    static String of(String rawPath, String rawQuery) {
        StringBuilder out = new StringBuilder(rawPath.length() + rawQuery.length() + 16);
        if (!rawPath.startsWith("/")) out.append('/');
        append(rawPath, out);
        char before = '?';
        for (String part : rawQuery.split("&")) {
            if (part.isEmpty() || !hasGoodEscapes(part)) continue;
            append(part, out.append(before));
            before = '&';
        }
        return out.toString();
    }

    private static void append(String raw, StringBuilder out) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            boolean stays = c == '%' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ALLOWED.indexOf(c) >= 0;
            if (stays) out.append(c);
            else out.append('%').append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
        }
    }

    private static boolean hasGoodEscapes(String part) {
        for (int i = part.indexOf('%'); i >= 0; i = part.indexOf('%', i + ESCAPE_CHARS)) {
            boolean good = i + 2 < part.length() && Character.digit(part.charAt(i + 1), 16) >= 0
                    && Character.digit(part.charAt(i + 2), 16) >= 0;
            if (!good) return false;
        }
        return true;
    }
}
