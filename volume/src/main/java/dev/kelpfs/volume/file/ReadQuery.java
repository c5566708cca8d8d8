package dev.kelpfs.volume.file;

import dev.kelpfs.http.Query;
import dev.kelpfs.http.Request;
import dev.kelpfs.volume.picture.PictureRequest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The query parameters of a read.
 *
 * @param attachment {@code dl}: the browser shall save the file instead of showing it
 * @param readDeleted a deleted file is given as long as its bytes are there
 * @param manifestItself {@code cm=false}: the manifest of a chunked file, not the file
 * @param picture what is to be done if the file is a picture
 * @param headers headers that the parameters {@code response-*} set, by header name
 */
record ReadQuery(
        boolean attachment, boolean readDeleted, boolean manifestItself, PictureRequest picture, Map<String, String> headers) {
    /** A read without any parameter. */
    static final ReadQuery PLAIN = new ReadQuery(false, false, false, PictureRequest.NONE, Map.of());

    private static final Map<String, String> HEADER_BY_PARAMETER = Map.of(
            "response-cache-control", "Cache-Control",
            "response-content-disposition", "Content-Disposition",
            "response-content-encoding", "Content-Encoding",
            "response-content-language", "Content-Language",
            "response-content-type", "Content-Type",
            "response-expires", "Expires");

    static ReadQuery of(Request request) {
        return request.rawQuery().isEmpty() ? PLAIN : of(request.query());
    }

    private static ReadQuery of(Query query) {
        return new ReadQuery(
                UploadQuery.isTrue(query.first("dl").orElse("")), query.first("readDeleted").orElse("").equals("true"),
                query.first("cm").orElse("").equals("false"), PictureRequest.of(name -> query.first(name).orElse("")), headers(query));
    }

    private static Map<String, String> headers(Query query) {
        Map<String, String> headers = new LinkedHashMap<>();
        query.asMap().forEach((name, values) -> {
            String header = HEADER_BY_PARAMETER.get(name.toLowerCase(Locale.ROOT));
            if (header != null) headers.putIfAbsent(header, values.get(0));
        });
        return headers;
    }
}
