package dev.kelpfs.core.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One key that configuration files may hold.
 *
 * @param pattern dotted, in the spelling of the documentation; a segment {@code *} stands for any one segment
 * @param status what happens when somebody sets it
 * @param roles the components that it concerns; empty for all
 */
record KnownKey(String pattern, Status status, Set<String> roles) {
    /** How far a key has come. */
    enum Status {
        /** Its value is used. */
        WORKS,
        /** Accepted; what it asks for is not built yet, and nothing is less safe for it. */
        LATER,
        /** Not built yet, and to start without it would leave open what the user wants closed. */
        PROTECTS
    }

    KnownKey {
        roles = Set.copyOf(roles);
    }

    boolean matches(String key) {
        List<String> wanted = List.of(pattern.toLowerCase(Locale.ROOT).split("\\."));
        List<String> given = List.of(key.toLowerCase(Locale.ROOT).split("\\."));
        if (wanted.size() != given.size()) return false;
        for (int i = 0; i < wanted.size(); i++) {
            if (!wanted.get(i).equals("*") && !wanted.get(i).equals(given.get(i))) return false;
        }
        return true;
    }

    boolean isPattern() {
        return pattern.contains("*");
    }

    boolean concerns(Set<String> components) {
        return roles.isEmpty() || roles.stream().anyMatch(components::contains);
    }
}
