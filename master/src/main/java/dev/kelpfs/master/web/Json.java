package dev.kelpfs.master.web;

import dev.kelpfs.http.JsonText;
import java.util.function.Consumer;

/** Writes one JSON object in the order in which its members are put. Not safe for use by several threads. */
final class Json {
    private static final int USUAL_CHARS = 160;
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder(USUAL_CHARS).append('{');
    private boolean first = true;

    /** The object that {@code members} puts together. */
    static String object(Consumer<Json> members) {
        Json json = new Json();
        members.accept(json);
        return json.end();
    }

    /** An array of values that are JSON already; {@code null} for none, as the reference writes lists that were never made. */
    static String arrayOrNull(Iterable<String> values) {
        String array = array(values);
        return array.equals("[]") ? "null" : array;
    }

    /** An array of values that are JSON already. */
    static String array(Iterable<String> values) {
        return "[" + String.join(",", values) + "]";
    }

    Json put(String name, String text) {
        return raw(name, JsonText.quote(text));
    }

    Json put(String name, long number) {
        name(name);
        out.append(number);
        return this;
    }

    Json put(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    /** Leaves the member out if the text is empty. */
    Json putIfAny(String name, String text) {
        return text.isEmpty() ? this : put(name, text);
    }

    /** Leaves the member out if the number is 0. */
    Json putIfAny(String name, long number) {
        return number == 0 ? this : put(name, number);
    }

    /** A value that is JSON already. */
    Json raw(String name, String json) {
        name(name);
        out.append(json);
        return this;
    }

    String end() {
        return out.append('}').toString();
    }

    private void name(String name) {
        if (!first) out.append(',');
        first = false;
        out.append(JsonText.quote(name)).append(':');
    }

    /** The same JSON with line breaks, two blanks a level; empty objects and arrays stay on one line. */
    static String indented(String compact) {
        StringBuilder pretty = new StringBuilder(compact.length() * 2);
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < compact.length(); i++) {
            char c = compact.charAt(i);
            if (inString) {
                pretty.append(c);
                if (c == '\\') pretty.append(compact.charAt(++i));
                else if (c == '"') inString = false;
                continue;
            }
            switch (c) {
                case '"' -> {
                    inString = true;
                    pretty.append(c);
                }
                case '{', '[' -> {
                    pretty.append(c);
                    char next = compact.charAt(i + 1);
                    if (next == '}' || next == ']') pretty.append(compact.charAt(++i));
                    else newLine(pretty, ++depth);
                }
                case '}', ']' -> {
                    newLine(pretty, --depth);
                    pretty.append(c);
                }
                case ',' -> {
                    pretty.append(c);
                    newLine(pretty, depth);
                }
                case ':' -> pretty.append(": ");
                default -> pretty.append(c);
            }
        }
        return pretty.toString();
    }

    private static void newLine(StringBuilder pretty, int depth) {
        pretty.append('\n').append(INDENT.repeat(depth));
    }
}
