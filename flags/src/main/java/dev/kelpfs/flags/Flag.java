package dev.kelpfs.flags;

import java.util.Locale;

/**
 * One flag of a command.
 *
 * @param name without dashes
 * @param defaultText a value of the type, as text
 * @param help what it does, for usage texts
 */
public record Flag(String name, FlagType type, String defaultText, String help, Support support) {
    public Flag {
        try {
            type.check(defaultText);
        } catch (BadValueException wrong) {
            throw new IllegalArgumentException("default \"" + defaultText + "\" of -" + name + " is no " + type, wrong);
        }
    }

    public static Flag text(String name, String defaultText, String help) {
        return new Flag(name, FlagType.TEXT, defaultText, help, new Support.Works());
    }

    public static Flag toggle(String name, boolean on, String help) {
        return new Flag(name, FlagType.SWITCH, Boolean.toString(on), help, new Support.Works());
    }

    public static Flag integer(String name, long value, String help) {
        return new Flag(name, FlagType.INTEGER, Long.toString(value), help, new Support.Works());
    }

    public static Flag unsigned(String name, long value, String help) {
        return new Flag(name, FlagType.UNSIGNED, Long.toUnsignedString(value), help, new Support.Works());
    }

    public static Flag decimal(String name, String value, String help) {
        return new Flag(name, FlagType.DECIMAL, value, help, new Support.Works());
    }

    public static Flag duration(String name, String value, String help) {
        return new Flag(name, FlagType.DURATION, value, help, new Support.Works());
    }

    /** The same, accepted without effect; {@code what} says what is missing. */
    public Flag later(String what) {
        return new Flag(name, type, defaultText, help, new Support.Later(what));
    }

    /** The same, stopping the start when set; {@code what} says what is missing. */
    public Flag refused(String what) {
        return new Flag(name, type, defaultText, help, new Support.Refused(what));
    }

    /** The same under another name, as {@code server} gives the flags of its parts. */
    public Flag named(String otherName) {
        return new Flag(otherName, type, defaultText, help, support);
    }

    public Flag withDefault(String otherDefault) {
        return new Flag(name, type, otherDefault, help, support);
    }

    /** Name of the environment variable behind the flag, before the prefix that global flags have. */
    String variable() {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    boolean isSwitch() {
        return type == FlagType.SWITCH;
    }
}
