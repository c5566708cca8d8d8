package dev.kelpfs.http.media;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A value with parameters, as in {@code Content-Type: text/plain; charset=utf-8} and
 * {@code Content-Disposition: attachment; filename="a.txt"}.
 *
 * @param type lower case: {@code type/subtype}, or a single token for dispositions
 * @param parameters names in lower case, values decoded, extended ones ({@code filename*}) under their plain name
 */
public record MediaType(String type, Map<String, String> parameters) {
    public MediaType {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads a header value. Quoted strings, and extended and continued parameters of RFC 2231 are understood; an extended
     * value wins over a plain one.
     *
     * @throws MalformedMediaTypeException if the text is no media type, a parameter is broken, or one comes twice
     */
    public static MediaType parse(String text) throws MalformedMediaTypeException {
        int end = text.indexOf(';');
        String type = (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        checkType(type);
        Map<String, String> raw = new LinkedHashMap<>();
        ParameterScanner scanner = new ParameterScanner(text, end < 0 ? text.length() : end);
        while (scanner.next()) {
            if (raw.putIfAbsent(scanner.name(), scanner.value()) != null) {
                throw new MalformedMediaTypeException("parameter " + scanner.name() + " comes twice");
            }
        }
        return new MediaType(type, ExtendedParameters.decode(raw));
    }

    /** One parameter's value. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    private static void checkType(String type) throws MalformedMediaTypeException {
        int slash = type.indexOf('/');
        boolean fine = slash < 0
                ? Tokens.isToken(type)
                : Tokens.isToken(type.substring(0, slash)) && Tokens.isToken(type.substring(slash + 1));
        if (!fine) {
            String what = type.isEmpty() ? "no media type" : "\"" + type + "\" is no media type";
            throw new MalformedMediaTypeException(what + "; expected something like text/plain");
        }
    }
}
