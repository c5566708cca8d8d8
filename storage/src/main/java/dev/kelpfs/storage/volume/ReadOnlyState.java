package dev.kelpfs.storage.volume;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * All reasons for which a volume takes no writes; none for a writable one. Immutable.
 *
 * @param reasons text for people by cause
 */
public record ReadOnlyState(Map<ReadOnlyCause, String> reasons) {
    static final ReadOnlyState WRITABLE = new ReadOnlyState(Map.of());

    public ReadOnlyState {
        EnumMap<ReadOnlyCause, String> copy = new EnumMap<>(ReadOnlyCause.class);
        copy.putAll(reasons);
        reasons = Collections.unmodifiableMap(copy);
    }

    ReadOnlyState with(ReadOnlyCause cause, String reason) {
        EnumMap<ReadOnlyCause, String> more = new EnumMap<>(ReadOnlyCause.class);
        more.putAll(reasons);
        more.put(cause, reason);
        return new ReadOnlyState(more);
    }

    ReadOnlyState without(ReadOnlyCause cause) {
        EnumMap<ReadOnlyCause, String> fewer = new EnumMap<>(ReadOnlyCause.class);
        fewer.putAll(reasons);
        fewer.remove(cause);
        return new ReadOnlyState(fewer);
    }

    public boolean isWritable() {
        return reasons.isEmpty();
    }

    public boolean has(ReadOnlyCause cause) {
        return reasons.containsKey(cause);
    }

    /** Why writes are refused, for people; empty for a writable volume. */
    public Optional<String> whyNoWrites() {
        return reasons.values().stream().findFirst();
    }

    /** Why even deletions are refused; empty if they are not. */
    public Optional<String> whyNoDeletes() {
        return reasons.entrySet().stream()
                .filter(reason -> !reason.getKey().deletesAllowed())
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
