package dev.kelpfs.master.web;

import dev.kelpfs.http.Query;
import dev.kelpfs.http.Request;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Parameters of a request: those of a form in the body win over those of the query. Reading numbers follows the reference:
 * some that cannot be read count as not given, others are refused.
 */
record Parameters(Query query, Optional<Query> form) {
    static Parameters of(Request request) {
        return new Parameters(request.query(), Optional.empty());
    }

    static Parameters of(Request request, String form) {
        return new Parameters(request.query(), Optional.of(Query.parse(form)));
    }

    /** The text; empty if it was not given. */
    String text(String name) {
        Optional<String> inForm = form.flatMap(body -> body.first(name));
        return inForm.or(() -> query.first(name)).orElse("");
    }

    boolean isPretty() {
        return !text("pretty").isEmpty();
    }

    /** An unsigned 64-bit number, or {@code otherwise} if there is none. */
    long unsignedOr(String name, long otherwise) {
        String text = text(name);
        if (!isDigits(text)) return otherwise;
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException tooLarge) {
            return otherwise;
        }
    }

    /** A number from 0 to the largest int, or 0 if there is none. */
    int countOrZero(String name) {
        return Math.clamp(unsignedOr(name, 0), 0, Integer.MAX_VALUE);
    }

    /**
     * A 64-bit number that must be one if it is given.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    OptionalLong number(String name) {
        String text = text(name);
        if (text.isEmpty()) return OptionalLong.empty();
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException unreadable) {
            throw new IllegalArgumentException("parameter " + name + " must be a number, got \"" + text + "\"", unreadable);
        }
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
