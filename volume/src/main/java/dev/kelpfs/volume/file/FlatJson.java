package dev.kelpfs.volume.file;

import dev.kelpfs.http.JsonText;

/**
 * A JSON object of a few members, in one line or indented by two spaces. Empty texts and zeros are left out, as the
 * reference does in its answers to uploads. Not for sharing between threads.
 */
final class FlatJson {
    private final StringBuilder text = new StringBuilder(160).append('{');
    private final boolean pretty;
    private boolean empty = true;

    FlatJson(boolean pretty) {
        this.pretty = pretty;
    }

    FlatJson text(String name, String value) {
        if (value.isEmpty()) return this;
        StringBuilder out = member(name);
        if (isPlain(value)) out.append('"').append(value).append('"');
        else out.append(JsonText.quote(value));
        return this;
    }

    /** True for text that needs no escapes, which is nearly all of it. */
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') return false;
        }
        return true;
    }

    FlatJson number(String name, long value) {
        return value == 0 ? this : numberAlways(name, value);
    }

    FlatJson numberAlways(String name, long value) {
        member(name).append(value);
        return this;
    }

    private StringBuilder member(String name) {
        if (!empty) text.append(',');
        empty = false;
        if (!pretty) return text.append('"').append(name).append("\":");
        return text.append("\n  \"").append(name).append("\": ");
    }

    /** The finished object; called once, at the end. */
    @Override
    public String toString() {
        return text.append(pretty && !empty ? "\n}" : "}").toString();
    }
}
