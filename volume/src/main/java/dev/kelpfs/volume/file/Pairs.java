package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.JsonText;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/**
 * The pairs of a file: request headers that begin with {@code Seaweed-} are kept with it, as one JSON object from text to
 * text, and come back as headers of every answer.
 *
 * <p>Source: volume server, section 3.10; storage, section 5.3.
 */
final class Pairs {
    /** Encoded pairs of this length and more cannot be kept, as their length field has 16 bits. */
    static final int MAX_BYTES = 65_536;

    private static final String PREFIX = "Seaweed-";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> TEXT_BY_NAME = new TypeReference<>() {};

    private Pairs() {}

    /** The pairs in the headers of a request, by the name under which they are kept. */
    static Map<String, String> of(HttpHeaders headers) {
        Map<String, String> pairs = Map.of();
        for (var all = headers.iteratorCharSequence(); all.hasNext(); ) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            if (!isPair(header.getKey())) continue;
            if (pairs.isEmpty()) pairs = new LinkedHashMap<>();
            pairs.putIfAbsent(storedName(header.getKey().toString()), HeaderText.fromWire(header.getValue().toString()));
        }
        return pairs;
    }

    /** True if this request header is a pair; header names know no case. */
    static boolean isPair(CharSequence headerName) {
        if (headerName.length() < PREFIX.length()) return false;
        for (int i = 0; i < PREFIX.length(); i++) {
            if (Character.toLowerCase(headerName.charAt(i)) != Character.toLowerCase(PREFIX.charAt(i))) return false;
        }
        return true;
    }

    /** Name under which a pair is kept: the prefix cut off, the rest with a capital after each dash. */
    static String storedName(String headerName) {
        StringBuilder name = new StringBuilder(headerName.length());
        boolean capital = true;
        for (int i = PREFIX.length(); i < headerName.length(); i++) {
            char c = headerName.charAt(i);
            name.append(capital ? Character.toUpperCase(c) : Character.toLowerCase(c));
            capital = c == '-';
        }
        return name.toString();
    }

    /**
     * The bytes to keep of an upload's headers; empty for none.
     *
     * @param replicate another server passes them on and has acknowledged them, so what cannot be kept is left out
     * @throws HttpException 400 if they are too many. (The reference stores the file without them.)
     */
    static byte[] toKeep(HttpHeaders headers, boolean replicate) {
        Map<String, String> pairs = of(headers);
        byte[] encoded = encode(pairs);
        if (encoded.length > 0 || pairs.isEmpty() || replicate) return encoded;
        throw new HttpException(400, "the Seaweed- headers take " + MAX_BYTES
                + " bytes or more as JSON, where <, > and & take six each; nothing was stored; send fewer or shorter ones");
    }

    /** The bytes to keep, with sorted names; empty when there is nothing to keep or too much. */
    static byte[] encode(Map<String, String> pairs) {
        if (pairs.isEmpty()) return new byte[0];
        StringBuilder json = new StringBuilder("{");
        for (Map.Entry<String, String> pair : new TreeMap<>(pairs).entrySet()) {
            if (json.length() > 1) json.append(',');
            json.append(JsonText.quote(pair.getKey())).append(':').append(JsonText.quote(pair.getValue()));
        }
        byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return bytes.length < MAX_BYTES ? bytes : new byte[0];
    }

    /** What a record holds, in its order; empty if it cannot be read, as it then means nothing to a client. */
    static Map<String, String> decode(byte[] stored) {
        if (stored.length == 0) return Map.of();
        Map<String, Object> values;
        try {
            values = JSON.readValue(stored, TEXT_BY_NAME);
        } catch (JacksonException unreadable) {
            return Map.of();
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (value instanceof String text && !name.isEmpty()) pairs.put(name, text);
        });
        return pairs;
    }
}
