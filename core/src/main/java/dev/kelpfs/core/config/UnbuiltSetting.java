package dev.kelpfs.core.config;

import dev.kelpfs.core.config.KnownKey.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A setting that somebody made and that has no effect yet.
 *
 * @param key as the documentation spells it
 * @param origin the file and line, or the variable
 * @param protects true if a process must not start without it, because that would leave open what is to be closed
 */
public record UnbuiltSetting(String key, String origin, boolean protects) {
    /**
     * Those that concern the given components ({@code master}, {@code volume}, {@code filer} ...), in the order of the
     * documentation. A value that is empty or {@code false} asks for nothing.
     */
    public static List<UnbuiltSetting> in(Configuration configuration, Set<String> components) {
        List<UnbuiltSetting> found = new ArrayList<>();
        for (KnownKey known : KnownKeys.list()) {
            if (known.isPattern() || known.status() == Status.WORKS || !known.concerns(components)) continue;
            String value = configuration.text(known.pattern(), "");
            if (value.isEmpty() || value.equalsIgnoreCase("false")) continue;
            boolean protects = known.status() == Status.PROTECTS;
            found.add(new UnbuiltSetting(known.pattern(), configuration.origin(known.pattern()), protects));
        }
        return List.copyOf(found);
    }
}
