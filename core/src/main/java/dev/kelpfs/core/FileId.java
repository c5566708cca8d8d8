package dev.kelpfs.core;

/**
 * Name of one stored file: volume, key and cookie. Canonical text is {@code 3,01637037d6}: the volume id in decimal, a
 * comma, then key and cookie as 12 bytes in lower-case hex with the leading zero bytes of the key left out.
 *
 * <p>Source: storage formats, section 2.
 */
public record FileId(VolumeId volume, NeedleKey key, Cookie cookie) {
    private static final int COOKIE_DIGITS = 8;
    private static final int MAX_DIGITS = 24;

    /**
     * Parses {@code volume,keycookie} or {@code volume,keycookie_delta}.
     *
     * @throws IllegalArgumentException if the text is not such an id; the message says what was expected and what came
     */
    public static FileId parse(String text) {
        int comma = text.indexOf(',');
        if (comma <= 0) {
            throw new IllegalArgumentException("a file id looks like 3,01637037d6, got \"" + text + "\"");
        }
        return of(VolumeId.parse(text.substring(0, comma)), text.substring(comma + 1));
    }

    /**
     * Parses the part after the volume: {@code keycookie} in 9 to 24 hex digits, of which the last 8 are the cookie,
     * and optionally {@code _delta}, a decimal number that is added to the key.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static FileId of(VolumeId volume, String keyCookie) {
        if (keyCookie.length() <= COOKIE_DIGITS) throw badKey(keyCookie, "it needs more than 8 characters");
        int underscore = keyCookie.lastIndexOf('_');
        String digits = underscore > 0 ? keyCookie.substring(0, underscore) : keyCookie;
        if (digits.length() <= COOKIE_DIGITS || digits.length() > MAX_DIGITS) {
            throw badKey(keyCookie, "it needs 9 to 24 hex digits");
        }
        int split = digits.length() - COOKIE_DIGITS;
        NeedleKey key = new NeedleKey(hex(digits, 0, split, keyCookie));
        Cookie cookie = new Cookie((int) hex(digits, split, digits.length(), keyCookie));
        if (underscore > 0 && underscore + 1 < keyCookie.length()) {
            key = key.plus(delta(keyCookie, underscore + 1));
        }
        return new FileId(volume, key, cookie);
    }

    /** Key and cookie in the canonical form, without the volume. */
    public String keyCookie() {
        String hex = key.toString();
        if (key.bits() == 0) return cookie.toString();
        return (hex.length() % 2 == 0 ? hex : "0" + hex) + cookie;
    }

    /** The canonical text. */
    @Override
    public String toString() {
        return volume + "," + keyCookie();
    }

    private static long hex(String text, int from, int to, String whole) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = hexDigit(text.charAt(i));
            if (digit < 0) throw badKey(whole, "'" + text.charAt(i) + "' is no hex digit");
            value = value << 4 | digit;
        }
        return value;
    }

    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    }

    private static long delta(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') throw badKey(text, "what follows the underscore must be a decimal number");
        }
        try {
            return Long.parseUnsignedLong(text, from, text.length(), 10);
        } catch (NumberFormatException tooLong) {
            throw badKey(text, "what follows the underscore does not fit 64 bits");
        }
    }

    private static IllegalArgumentException badKey(String text, String reason) {
        return new IllegalArgumentException("bad key and cookie \"" + text + "\": " + reason);
    }
}
