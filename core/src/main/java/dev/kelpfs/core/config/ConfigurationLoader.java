package dev.kelpfs.core.config;

import dev.kelpfs.core.config.Configuration.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/**
 * Finds, reads and merges the configuration files of a process. The first place that has a file of a name wins; files
 * of different names share one key space, a later one replacing the keys of an earlier one.
 *
 * <p>Source: command line and configuration, section 15.1.
 */
public final class ConfigurationLoader {
    private static final int MOST_ERRORS_SHOWN = 3;

    private final ConfigurationPlace place;
    private final FileText files;
    private final Map<String, String> environment;

    public ConfigurationLoader(ConfigurationPlace place, FileText files, Map<String, String> environment) {
        this.place = place;
        this.files = files;
        this.environment = environment;
    }

    /**
     * Reads files of which each may be missing. One that cannot be read or understood is skipped with a warning.
     *
     * @param names without {@code .toml}, such as {@code security}
     */
    public Configuration load(List<String> names) {
        Map<String, Setting> byKey = new TreeMap<>();
        List<String> warnings = new ArrayList<>();
        for (String name : names) {
            try {
                find(name).ifPresent(found -> merge(found, byKey, warnings));
            } catch (ConfigurationException broken) {
                warnings.add(broken.getMessage() + "; the file is skipped");
            }
        }
        return new Configuration(byKey, environment, warnings);
    }

    private record Found(Path file, TomlParseResult content) {}

    private Optional<Found> find(String name) throws ConfigurationException {
        for (Path directory : place.directories()) {
            Path file = directory.resolve(name + ".toml");
            Optional<String> text;
            try {
                text = files.read(file);
            } catch (IOException unreadable) {
                throw new ConfigurationException("cannot read " + file + ": " + unreadable.getMessage(), unreadable);
            }
            if (text.isPresent()) return Optional.of(new Found(file, parse(file, text.get())));
        }
        return Optional.empty();
    }

    private static TomlParseResult parse(Path file, String text) throws ConfigurationException {
        TomlParseResult content = Toml.parse(text);
        if (!content.hasErrors()) return content;
        List<String> errors = new ArrayList<>();
        for (TomlParseError error : content.errors()) {
            if (errors.size() == MOST_ERRORS_SHOWN) break;
            errors.add(error.position() + ": " + error.getMessage());
        }
        throw new ConfigurationException(file + " is no valid TOML (" + String.join("; ", errors) + ")");
    }

    private static void merge(Found found, Map<String, Setting> byKey, List<String> warnings) {
        for (Map.Entry<List<String>, Object> entry : found.content().entryPathSet(false)) {
            String written = String.join(".", entry.getKey());
            String where = found.file() + " line " + found.content().inputPositionOf(entry.getKey()).line();
            if (KnownKeys.find(written).isEmpty()) warnings.add(unknown(written, where));
            byKey.put(written.toLowerCase(Locale.ROOT), new Setting(values(entry.getValue()), where));
        }
    }

    private static String unknown(String key, String where) {
        String hint = KnownKeys.nearest(key).map(near -> "; did you mean " + near + "?").orElse("; it has no effect");
        return where + ": unknown key " + key + hint;
    }

    private static List<String> values(Object value) {
        if (!(value instanceof TomlArray)) return List.of(value.toString());
        TomlArray array = (TomlArray) value;
        List<String> values = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) values.add(array.get(i).toString());
        return values;
    }
}
