package dev.kelpfs.shell.line;

import java.util.ArrayList;
import java.util.List;

/** A line: commands with {@code ;} between them, each of words. */
public final class ShellLine {
    private ShellLine() {}

    /** The commands of a line, blank ones left out. A {@code ;} cuts even inside quotes, as scripts rely on. */
    public static List<String> commands(String line) {
        List<String> commands = new ArrayList<>();
        for (String part : line.split(";")) {
            if (!part.isBlank()) commands.add(part.strip());
        }
        return commands;
    }

    /**
     * The words of a command: apart at blanks and tabs; single and double quotes group, also inside a word; a backslash
     * protects the next character except in single quotes; a word of nothing but quotes vanishes.
     *
     * @throws IllegalArgumentException if a quote is not closed or nothing follows a backslash
     */
    public static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            boolean escape = c == '\\' && quote != '\'';
            if (escape) {
                if (++i == command.length()) throw new IllegalArgumentException("nothing follows the backslash at the end");
                word.append(command.charAt(i));
            } else if (quote != 0) {
                if (c == quote) quote = 0;
                else word.append(c);
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ' ' || c == '\t') {
                end(word, words);
            } else {
                word.append(c);
            }
        }
        if (quote != 0) throw new IllegalArgumentException("the quote " + quote + " is not closed");
        end(word, words);
        return words;
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) words.add(word.toString());
        word.setLength(0);
    }
}
