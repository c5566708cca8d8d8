package dev.kelpfs.http.media;

/** Tokens of RFC 9110, 5.6.2. */
final class Tokens {
    private static final String ALSO = "!#$%&'*+-.^_`|~";

    private Tokens() {}

    static boolean isTokenChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ALSO.indexOf(c) >= 0;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) return false;
        }
        return !text.isEmpty();
    }
}
