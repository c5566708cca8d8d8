package dev.kelpfs.flags;

import java.util.List;
import java.util.Optional;

/** Something wrong in a command line, in the reference's words and then in ours. Never leaves this package. */
final class WrongFlagException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    private WrongFlagException(String... lines) {
        super(lines[0]);
        this.lines = List.of(lines);
    }

    List<String> lines() {
        return lines;
    }

    static WrongFlagException unknown(String name, Optional<String> nearest) {
        String first = "flag provided but not defined: -" + name;
        return nearest.map(near -> new WrongFlagException(first, "did you mean -" + near + "?"))
                .orElseGet(() -> new WrongFlagException(first));
    }

    static WrongFlagException badSyntax(String argument) {
        return new WrongFlagException("bad flag syntax: " + argument);
    }

    static WrongFlagException noValue(Flag flag) {
        return new WrongFlagException("flag needs an argument: -" + flag.name());
    }

    static WrongFlagException badValue(Flag flag, String text, BadValueException bad) {
        String kind = flag.isSwitch() ? "invalid boolean value " : "invalid value ";
        String where = flag.isSwitch() ? " for -" : " for flag -";
        return new WrongFlagException(kind + QuotedText.of(text) + where + flag.name() + ": " + bad.getMessage(), expected(flag));
    }

    static WrongFlagException badVariable(Flag flag, String text, BadValueException bad, String variable) {
        return new WrongFlagException(
                "invalid value " + QuotedText.of(text) + " for environment variable " + flag.name() + ": " + bad.getMessage(),
                expected(flag),
                "the value comes from the environment variable " + variable + "; unset it, or give -" + flag.name());
    }

    static WrongFlagException badOption(Flag flag, String text, BadValueException bad) {
        return new WrongFlagException(
                "invalid value " + QuotedText.of(text) + " for configuration variable " + flag.name() + ": " + bad.getMessage(),
                expected(flag));
    }

    static WrongFlagException noOptionsFile(String file, String reason) {
        return new WrongFlagException("cannot read the options file " + file + ": " + reason);
    }

    private static String expected(Flag flag) {
        return "-" + flag.name() + switch (flag.type()) {
            case TEXT -> " takes any text";
            case SWITCH -> " takes true or false, with = in between, or nothing for true";
            case INTEGER -> " takes an integer, as in -" + flag.name() + "=10";
            case UNSIGNED -> " takes an integer of 0 or more, as in -" + flag.name() + "=10";
            case DECIMAL -> " takes a number, as in -" + flag.name() + "=0.3";
            case DURATION -> " takes a duration with its unit, as in -" + flag.name() + "=10s or 1h30m";
        };
    }
}
