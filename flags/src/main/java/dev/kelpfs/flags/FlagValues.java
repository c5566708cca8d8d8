package dev.kelpfs.flags;

import dev.kelpfs.core.config.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The value of every flag of a table, and where it came from. Immutable. */
public final class FlagValues {
    /** Where a value came from, strongest first. */
    public enum Origin {
        COMMAND_LINE,
        ENVIRONMENT,
        OPTIONS_FILE,
        DEFAULT
    }

    /** A value that passed its flag's check. */
    record Value(String text, Origin origin) {}

    private final FlagTable table;
    private final Map<String, Value> given;

    FlagValues(FlagTable table, Map<String, Value> given) {
        this.table = table;
        this.given = Map.copyOf(given);
    }

    /** All at their defaults. */
    public static FlagValues defaults(FlagTable table) {
        return new FlagValues(table, Map.of());
    }

    public String text(String name) {
        return valueOf(name, FlagType.TEXT);
    }

    public boolean isOn(String name) {
        try {
            return FlagType.toBoolean(valueOf(name, FlagType.SWITCH));
        } catch (BadValueException unchecked) {
            throw new IllegalStateException(unchecked);
        }
    }

    public long integer(String name) {
        try {
            return NumberText.signed(valueOf(name, FlagType.INTEGER));
        } catch (BadValueException unchecked) {
            throw new IllegalStateException(unchecked);
        }
    }

    /** All 64 bits; a value of 2^63 and above is negative here. */
    public long unsigned(String name) {
        try {
            return NumberText.unsigned(valueOf(name, FlagType.UNSIGNED));
        } catch (BadValueException unchecked) {
            throw new IllegalStateException(unchecked);
        }
    }

    public double decimal(String name) {
        try {
            return NumberText.decimal(valueOf(name, FlagType.DECIMAL));
        } catch (BadValueException unchecked) {
            throw new IllegalStateException(unchecked);
        }
    }

    public Duration duration(String name) {
        return DurationText.parse(valueOf(name, FlagType.DURATION));
    }

    public Origin origin(String name) {
        Value value = given.get(name);
        return value == null ? Origin.DEFAULT : value.origin();
    }

    /** True if somebody set the flag, even to its default. */
    public boolean isGiven(String name) {
        return origin(name) != Origin.DEFAULT;
    }

    /** Flags that somebody set to something else than their default, sorted by name. */
    public List<Flag> changed() {
        List<Flag> changed = new ArrayList<>();
        for (Flag flag : table.flags()) {
            Value value = given.get(flag.name());
            if (value != null && !value.text().equals(flag.defaultText()) && !sameSwitch(flag, value)) changed.add(flag);
        }
        return changed;
    }

    private static boolean sameSwitch(Flag flag, Value value) {
        if (!flag.isSwitch()) return false;
        try {
            return FlagType.toBoolean(flag.defaultText()) == FlagType.toBoolean(value.text());
        } catch (BadValueException unchecked) {
            throw new IllegalStateException(unchecked);
        }
    }

    private String valueOf(String name, FlagType type) {
        Flag flag = table.find(name).orElseThrow(() -> new IllegalArgumentException("no flag -" + name + " in this table"));
        if (flag.type() != type) throw new IllegalArgumentException("-" + name + " is a " + flag.type() + ", not a " + type);
        Value value = given.get(name);
        return value == null ? flag.defaultText() : value.text();
    }
}
