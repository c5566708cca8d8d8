package dev.kelpfs.client;

import java.net.http.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads what the headers of an answer tell about a file. Pure functions. Source: volume server, section 3.4. */
final class AnswerHead {
    private static final String PLAIN_NAME = "filename=";
    private static final String EXTENDED_NAME = "filename*=utf-8''";

    private AnswerHead() {}

    static FileInfo info(HttpHeaders headers, OptionalLong bytes) {
        Map<String, String> all = new TreeMap<>();
        headers.map().forEach((name, values) -> all.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return new FileInfo(
                bytes, all.getOrDefault("content-type", ""), name(all.getOrDefault("content-disposition", "")),
                all.getOrDefault("etag", "").replace("\"", ""), modified(all.getOrDefault("last-modified", "")), all,
                all.getOrDefault("x-file-store", "").equals("chunked"));
    }

    /** Length of the body as it comes; none if it is compressed on the way or comes in pieces. */
    static OptionalLong bodyBytes(HttpHeaders headers) {
        if (headers.firstValue("Content-Encoding").isPresent()) return OptionalLong.empty();
        try {
            return headers.firstValueAsLong("Content-Length");
        } catch (NumberFormatException nonsense) {
            return OptionalLong.empty();
        }
    }

    /** Length of the whole file by {@code Content-Range: bytes 0-9/100}. */
    static OptionalLong wholeBytes(HttpHeaders headers) {
        String range = headers.firstValue("Content-Range").orElse("");
        return number(range.substring(range.lastIndexOf('/') + 1));
    }

    /** Where a part begins; 0 if the answer is the whole file. */
    static long offset(HttpHeaders headers) {
        String range = headers.firstValue("Content-Range").orElse("");
        int blank = range.indexOf(' ');
        int dash = range.indexOf('-');
        return blank < 0 || dash < blank ? 0 : number(range.substring(blank + 1, dash)).orElse(0);
    }

    private static OptionalLong number(String text) {
        try {
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException unknown) {
            return OptionalLong.empty();
        }
    }

    private static Optional<Instant> modified(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeParseException nonsense) {
            return Optional.empty();
        }
    }

    static String name(String disposition) {
        int extended = disposition.toLowerCase(Locale.ROOT).indexOf(EXTENDED_NAME);
        if (extended >= 0) return decoded(upToSemicolon(disposition.substring(extended + EXTENDED_NAME.length())));
        int plain = disposition.toLowerCase(Locale.ROOT).indexOf(PLAIN_NAME);
        if (plain < 0) return "";
        String value = disposition.substring(plain + PLAIN_NAME.length()).strip();
        return utf8(value.startsWith("\"") ? unquoted(value) : upToSemicolon(value));
    }

    private static String upToSemicolon(String text) {
        int end = text.indexOf(';');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    private static String unquoted(String value) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < value.length() && value.charAt(i) != '"'; i++) {
            if (value.charAt(i) == '\\' && i + 1 < value.length()) i++;
            text.append(value.charAt(i));
        }
        return text.toString();
    }

    /** Percent signs only: a plus is a plus here. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** The HTTP client reads headers byte by byte. */
    private static String utf8(String latin) {
        if (latin.chars().allMatch(c -> c < 0x80) || latin.chars().anyMatch(c -> c > 0xff)) return latin;
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
