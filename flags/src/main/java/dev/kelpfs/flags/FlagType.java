package dev.kelpfs.flags;

import dev.kelpfs.core.config.DurationText;
import java.util.Set;

/** What a flag's value is, and which texts are one. */
public enum FlagType {
    TEXT("string"),
    SWITCH(""),
    INTEGER("int"),
    UNSIGNED("uint"),
    DECIMAL("float"),
    DURATION("duration");

    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private final String word;

    FlagType(String word) {
        this.word = word;
    }

    /** How usage texts name the type; empty for a switch. */
    String word() {
        return word;
    }

    /** @throws BadValueException if the text is no value of this type */
    void check(String text) throws BadValueException {
        switch (this) {
            case TEXT -> { }
            case SWITCH -> toBoolean(text);
            case INTEGER -> NumberText.signed(text);
            case UNSIGNED -> NumberText.unsigned(text);
            case DECIMAL -> NumberText.decimal(text);
            case DURATION -> checkDuration(text);
        }
    }

    static boolean toBoolean(String text) throws BadValueException {
        if (TRUE.contains(text)) return true;
        if (FALSE.contains(text)) return false;
        throw BadValueException.unreadable();
    }

    private static void checkDuration(String text) throws BadValueException {
        try {
            DurationText.parse(text);
        } catch (IllegalArgumentException notADuration) {
            throw BadValueException.unreadable();
        }
    }
}
