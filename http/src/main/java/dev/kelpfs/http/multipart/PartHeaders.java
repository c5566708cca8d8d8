package dev.kelpfs.http.multipart;

import dev.kelpfs.http.media.MalformedMediaTypeException;
import dev.kelpfs.http.media.MediaType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Headers of one part.
 *
 * @param fields first value of each header; names in lower case
 */
public record PartHeaders(Map<String, String> fields) {
    public PartHeaders {
        fields = Map.copyOf(fields);
    }

    /** The first value of a header, its name in any case. */
    public Optional<String> first(String name) {
        return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Name of the form field. */
    public Optional<String> name() {
        return disposition().filter(type -> type.type().equals("form-data")).flatMap(type -> type.parameter("name"));
    }

    /**
     * Name of the file, {@code filename*} included: the last component of what the client sent, with {@code \} taken for
     * {@code /}. Empty if there is none, or nothing is left of it.
     */
    public Optional<String> fileName() {
        return disposition()
                .flatMap(type -> type.parameter("filename"))
                .map(PartHeaders::lastComponent)
                .filter(name -> !name.isEmpty());
    }

    public Optional<String> contentType() {
        return first("content-type").filter(text -> !text.isEmpty());
    }

    public Optional<String> contentEncoding() {
        return first("content-encoding").filter(text -> !text.isEmpty());
    }

    public Optional<String> contentMd5() {
        return first("content-md5").filter(text -> !text.isEmpty());
    }

    private Optional<MediaType> disposition() {
        Optional<String> text = first("content-disposition");
        if (text.isEmpty()) return Optional.empty();
        try {
            return Optional.of(MediaType.parse(text.get()));
        } catch (MalformedMediaTypeException unreadable) {
            // A part that cannot be named is a part without a name.
            return Optional.empty();
        }
    }

    private static String lastComponent(String path) {
        String plain = path.replace('\\', '/');
        int end = plain.length();
        while (end > 0 && plain.charAt(end - 1) == '/') end--;
        return plain.substring(plain.lastIndexOf('/', end - 1) + 1, end);
    }
}
