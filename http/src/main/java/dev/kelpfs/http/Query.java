package dev.kelpfs.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a query or of a url-encoded form, decoded. Parts with a bad escape or a {@code ;} are left out, as
 * the reference does for reading; {@link #fault} names the first of them for those who must refuse it.
 *
 * <p>Source: volume server, section 3.10.
 */
public final class Query {
    private static final Query EMPTY = new Query(Map.of(), Optional.empty());

    private final Map<String, List<String>> values;
    private final Optional<String> fault;

    private Query(Map<String, List<String>> values, Optional<String> fault) {
        this.values = values;
        this.fault = fault;
    }

    /** Reads what stands behind the {@code ?} of a URI, or a body of type {@code application/x-www-form-urlencoded}. */
    public static Query parse(String raw) {
        if (raw.isEmpty()) return EMPTY;
        Map<String, List<String>> values = new LinkedHashMap<>();
        Optional<String> fault = Optional.empty();
        for (int start = 0; start <= raw.length(); ) {
            int end = raw.indexOf('&', start);
            if (end < 0) end = raw.length();
            if (end > start) {
                Optional<String> bad = addPart(raw.substring(start, end), values);
                if (fault.isEmpty()) fault = bad;
            }
            start = end + 1;
        }
        return new Query(values, fault);
    }

    /** The first value under that name. */
    public Optional<String> first(String name) {
        List<String> found = values.get(name);
        return found == null ? Optional.empty() : Optional.of(found.get(0));
    }

    /** All values under that name in their order; empty if there is none. */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** Names with their values, in the order of their first appearance. */
    public Map<String, List<String>> asMap() {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
        return copy;
    }

    /** What is wrong with the text, if anything: a bad escape or a semicolon, quoted for a message. */
    public Optional<String> fault() {
        return fault;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    private static Optional<String> addPart(String part, Map<String, List<String>> values) {
        if (part.indexOf(';') >= 0) return Optional.of("a semicolon in the query (\"" + part + "\"); write & or %3B");
        int equals = part.indexOf('=');
        Optional<String> name = PercentCoding.decodeQueryPart(equals < 0 ? part : part.substring(0, equals));
        Optional<String> value = PercentCoding.decodeQueryPart(equals < 0 ? "" : part.substring(equals + 1));
        if (name.isEmpty() || value.isEmpty()) {
            return Optional.of("a % without two hex digits in the query (\"" + part + "\")");
        }
        values.computeIfAbsent(name.get(), unused -> new ArrayList<>(1)).add(value.get());
        return Optional.empty();
    }
}
