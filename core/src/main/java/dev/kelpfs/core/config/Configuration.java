package dev.kelpfs.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All settings of one process in one key space, with the environment on top. Keys are dotted and case does not matter;
 * the variable {@code WEED_A_B} overrides the key {@code a.b}, also when no file has it; an empty variable counts as
 * none, so that a blank one never switches off what a file protects. Immutable.
 *
 * <p>Source: command line and configuration, section 15.1.
 */
public final class Configuration {
    private static final String VARIABLE_PREFIX = "WEED_";
    private static final List<String> TRUE = List.of("1", "t", "T", "true", "TRUE", "True");
    private static final List<String> FALSE = List.of("0", "f", "F", "false", "FALSE", "False");

    /** A setting as a file has it: its values (one, unless it is an array) and where it stands. */
    record Setting(List<String> values, String where) {
        Setting {
            values = List.copyOf(values);
        }
    }

    private final Map<String, Setting> byKey;
    private final Map<String, String> environment;
    private final List<String> warnings;

    Configuration(Map<String, Setting> byKey, Map<String, String> environment, List<String> warnings) {
        this.byKey = new TreeMap<>(byKey);
        this.environment = Map.copyOf(environment);
        this.warnings = List.copyOf(warnings);
    }

    /** A configuration without files. */
    public static Configuration of(Map<String, String> environment) {
        return new Configuration(Map.of(), environment, List.of());
    }

    /** What was odd about the files, each with the file and the remedy; for the log at start. */
    public List<String> warnings() {
        return warnings;
    }

    /** The variable that overrides a key. */
    public static String variable(String key) {
        return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** The value as text: the variable's, else the file's; empty when neither is there. An array is joined by commas. */
    public Optional<String> text(String key) {
        return find(key).map(setting -> String.join(",", setting.values()));
    }

    public String text(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    /** The values of an array; text is split at commas, as the environment has no other way to write one. */
    public List<String> texts(String key) {
        Optional<Setting> found = find(key);
        if (found.isEmpty()) return List.of();
        List<String> values = found.get().values();
        return values.size() == 1 ? List.of(values.get(0).split(",")) : values;
    }

    /** @throws ConfigurationException if the value is there and is neither true nor false */
    public boolean flag(String key, boolean otherwise) throws ConfigurationException {
        String text = text(key).orElse("");
        if (text.isEmpty()) return otherwise;
        if (TRUE.contains(text)) return true;
        if (FALSE.contains(text)) return false;
        throw bad(key, text, "true or false", null);
    }

    /** @throws ConfigurationException if the value is there and is no integer of 64 bits */
    public long integer(String key, long otherwise) throws ConfigurationException {
        String text = text(key).orElse("");
        try {
            return text.isEmpty() ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw bad(key, text, "an integer", notANumber);
        }
    }

    /** @throws ConfigurationException if the value is there and is no number */
    public double number(String key, double otherwise) throws ConfigurationException {
        String text = text(key).orElse("");
        try {
            return text.isEmpty() ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            throw bad(key, text, "a number", notANumber);
        }
    }

    /** @throws ConfigurationException if the value is there and is no duration such as {@code 2s} */
    public Duration duration(String key, Duration otherwise) throws ConfigurationException {
        String text = text(key).orElse("");
        try {
            return text.isEmpty() ? otherwise : DurationText.parse(text);
        } catch (IllegalArgumentException notADuration) {
            throw bad(key, text, "a duration such as 300ms or 10s", notADuration);
        }
    }

    /** Where the value of a key comes from, for messages: a variable's name, or a file and its line. */
    public String origin(String key) {
        return find(key).map(Setting::where).orElse("the default");
    }

    /** Keys that files set, in lower case, sorted. */
    List<String> keysInFiles() {
        return List.copyOf(byKey.keySet());
    }

    private Optional<Setting> find(String key) {
        String variable = variable(key);
        String value = environment.get(variable);
        if (value != null && !value.isEmpty()) return Optional.of(new Setting(List.of(value), "the variable " + variable));
        return Optional.ofNullable(byKey.get(key.toLowerCase(Locale.ROOT)));
    }

    private ConfigurationException bad(String key, String text, String expected, @Nullable Throwable cause) {
        return new ConfigurationException(
                key + " must be " + expected + ", got \"" + text + "\" from " + origin(key), cause);
    }
}
