package dev.kelpfs.flags;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Text of an options file: a setting a line, key and value apart by the first of {@code =}, blank and {@code :}, one
 * leading dash on the key dropped, {@code #} in front of a comment line.
 */
final class OptionsFile {
    /** A line; without a value it switches something on. */
    record Line(String key, Optional<String> value) {}

    private OptionsFile() {}

    static List<Line> parse(String text) {
        List<Line> lines = new ArrayList<>();
        for (String raw : text.split("\n", -1)) {
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) continue;
            String plain = line.startsWith("-") ? line.substring(1) : line;
            int split = separator(plain);
            if (split < 0) {
                lines.add(new Line(plain, Optional.empty()));
            } else {
                lines.add(new Line(plain.substring(0, split), Optional.of(plain.substring(split + 1).strip())));
            }
        }
        return lines;
    }

    private static int separator(String line) {
        for (int i = 0; i < line.length(); i++) {
            if ("= :".indexOf(line.charAt(i)) >= 0) return i;
        }
        return -1;
    }
}
