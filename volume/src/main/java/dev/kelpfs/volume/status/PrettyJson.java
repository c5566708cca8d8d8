package dev.kelpfs.volume.status;

/** Indents JSON for people, by two spaces. */
final class PrettyJson {
    private PrettyJson() {}

    /** @param compact well-formed JSON without blanks outside of strings */
    static String of(String compact) {
        StringBuilder out = new StringBuilder(compact.length() * 2);
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < compact.length(); i++) {
            char c = compact.charAt(i);
            if (inString) {
                out.append(c);
                if (c == '\\') out.append(compact.charAt(++i));
                else if (c == '"') inString = false;
                continue;
            }
            switch (c) {
                case '{', '[' -> {
                    out.append(c);
                    char next = compact.charAt(i + 1);
                    if (next == '}' || next == ']') out.append(compact.charAt(++i));
                    else newLine(out, ++depth);
                }
                case '}', ']' -> newLine(out, --depth).append(c);
                case ',' -> newLine(out.append(c), depth);
                case ':' -> out.append(": ");
                default -> {
                    inString = c == '"';
                    out.append(c);
                }
            }
        }
        return out.toString();
    }

    private static StringBuilder newLine(StringBuilder out, int depth) {
        return out.append('\n').repeat("  ", depth);
    }
}
