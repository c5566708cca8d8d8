package dev.kelpfs.master.web;

import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Query;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.multipart.Boundary;
import dev.kelpfs.http.multipart.MultipartLimits;
import dev.kelpfs.http.multipart.MultipartParts;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Parameters of a request: those of a form in the body win over those of the query. Reading numbers follows the reference:
 * some that cannot be read count as not given, others are refused.
 */
record Parameters(Query query, Map<String, String> form) {
    private static final String URL_ENCODED = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";
    private static final int MAX_FIELDS = 100;
    private static final int MAX_FIELD_HEADER_BYTES = 4 << 10;

    static Parameters of(Request request) {
        return new Parameters(request.query(), Map.of());
    }

    /** True if a body of this type holds parameters. */
    static boolean isForm(String contentType) {
        return isOfType(contentType, URL_ENCODED) || isOfType(contentType, MULTIPART);
    }

    /** Names of types have no case. */
    private static boolean isOfType(String contentType, String type) {
        return contentType.regionMatches(true, 0, type, 0, type.length());
    }

    /**
     * With those of a form, of either kind.
     *
     * @throws HttpException 400 if the form is malformed
     */
    static Parameters of(Request request, ByteBuf body) {
        String type = request.header(HttpHeaderNames.CONTENT_TYPE).orElse("");
        Map<String, String> fields = new HashMap<>();
        if (isOfType(type, MULTIPART)) {
            readParts(type, body, fields);
        } else {
            Query.parse(body.toString(StandardCharsets.UTF_8)).asMap().forEach((name, values) -> fields.put(name, values.getFirst()));
        }
        return new Parameters(request.query(), fields);
    }

    private static void readParts(String type, ByteBuf body, Map<String, String> fields) {
        try {
            MultipartParts parts = new MultipartParts(
                    body, Boundary.ofContentType(type), new MultipartLimits(MAX_FIELDS, MAX_FIELD_HEADER_BYTES));
            for (Optional<MultipartParts.Part> part = parts.next(); part.isPresent(); part = parts.next()) {
                String value = part.get().data().toString(StandardCharsets.UTF_8);
                part.get().headers().name().ifPresent(name -> fields.putIfAbsent(name, value));
            }
        } catch (IOException malformed) {
            throw new HttpException(400, "malformed form: " + malformed.getMessage());
        }
    }

    /** The text; empty if it was not given. */
    String text(String name) {
        String inForm = form.get(name);
        return inForm != null ? inForm : query.first(name).orElse("");
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
