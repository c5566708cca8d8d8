package dev.kelpfs.flags;

import dev.kelpfs.core.config.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The flags of one command, or the global ones; sorted by name, no name twice. Immutable. */
public final class FlagTable {
    /** Names the file that holds values for flags; tables of processes have it. */
    public static final String OPTIONS = "options";

    /** No flags at all. */
    public static final FlagTable NONE = bare(List.of());

    private final Map<String, Flag> byName;
    private final String variablePrefix;

    private FlagTable(Map<String, Flag> byName, String variablePrefix) {
        this.byName = byName;
        this.variablePrefix = variablePrefix;
    }

    /** Flags of a sub-command: their variables have no prefix. */
    public static FlagTable of(Collection<Flag> flags) {
        return withPrefix(flags, "");
    }

    /** Flags that stand before the sub-command: their variables begin with {@code WEED_}. */
    public static FlagTable global(Collection<Flag> flags) {
        return withPrefix(flags, "WEED_");
    }

    /** Flags of something that reads neither an options file nor variables: a command inside a running program. */
    public static FlagTable bare(Collection<Flag> flags) {
        return table(flags, "");
    }

    private static FlagTable withPrefix(Collection<Flag> flags, String prefix) {
        List<Flag> all = new ArrayList<>(flags);
        all.add(Flag.text(OPTIONS, "", "file with flag values, one name=value a line"));
        return table(all, prefix);
    }

    private static FlagTable table(Collection<Flag> flags, String prefix) {
        Map<String, Flag> byName = new TreeMap<>();
        for (Flag flag : flags) {
            if (byName.put(flag.name(), flag) != null) {
                throw new IllegalArgumentException("-" + flag.name() + " is defined twice");
            }
        }
        return new FlagTable(byName, prefix);
    }

    public Collection<Flag> flags() {
        return List.copyOf(byName.values());
    }

    Optional<Flag> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Optional<String> nearest(String name) {
        return NearestName.of(name, byName.keySet());
    }

    String variable(Flag flag) {
        return variablePrefix + flag.variable();
    }
}
