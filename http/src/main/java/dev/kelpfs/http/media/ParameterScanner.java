package dev.kelpfs.http.media;

import java.util.Locale;

/** Walks over {@code ; name=value} pairs. */
final class ParameterScanner {
    private final String text;
    private int at;
    private String name = "";
    private String value = "";

    /** @param start where the first semicolon stands, or the end of the text */
    ParameterScanner(String text, int start) {
        this.text = text;
        this.at = start;
    }

    /** Moves to the next pair. @return false at the end; a lone semicolon there is tolerated */
    boolean next() throws MalformedMediaTypeException {
        skipBlanks();
        if (at == text.length()) return false;
        if (text.charAt(at) != ';') throw broken();
        at++;
        skipBlanks();
        if (at == text.length()) return false;
        name = token().toLowerCase(Locale.ROOT);
        skipBlanks();
        if (at == text.length() || text.charAt(at) != '=') throw broken();
        at++;
        skipBlanks();
        value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
        return true;
    }

    String name() {
        return name;
    }

    String value() {
        return value;
    }

    private String token() throws MalformedMediaTypeException {
        int start = at;
        while (at < text.length() && Tokens.isTokenChar(text.charAt(at))) at++;
        if (at == start) throw broken();
        return text.substring(start, at);
    }

    /**
     * A backslash only escapes what needs it: some browsers send Windows paths unescaped ({@code "C:\dir\a.txt"}).
     */
    private String quoted() throws MalformedMediaTypeException {
        StringBuilder out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c == '\r' || c == '\n') throw broken();
            boolean escapes = c == '\\' && at + 1 < text.length() && isQuotedSpecial(text.charAt(at + 1));
            out.append(escapes ? text.charAt(++at) : c);
        }
        throw broken();
    }

    private static boolean isQuotedSpecial(char c) {
        return c == '"' || c == '\\';
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) at++;
    }

    private MalformedMediaTypeException broken() {
        return new MalformedMediaTypeException(
                "expected ; name=value at position " + at + " of the header value \"" + text + "\"");
    }
}
