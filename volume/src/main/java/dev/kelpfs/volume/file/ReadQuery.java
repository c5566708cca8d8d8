package dev.kelpfs.volume.file;

import dev.kelpfs.http.Query;
import dev.kelpfs.http.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The query parameters of a read.
 *
 * @param attachment {@code dl}: the browser shall save the file instead of showing it
 * @param readDeleted a deleted file is given as long as its bytes are there
 * @param manifestItself {@code cm=false}: the manifest of a chunked file, not the file
 * @param transformsPicture a size or a cut is asked for, which means something for pictures
 * @param headers headers that the parameters {@code response-*} set, by header name
 */
record ReadQuery(
        boolean attachment, boolean readDeleted, boolean manifestItself, boolean transformsPicture, Map<String, String> headers) {
    /** A read without any parameter. */
    static final ReadQuery PLAIN = new ReadQuery(false, false, false, false, Map.of());

    private static final Map<String, String> HEADER_BY_PARAMETER = Map.of(
            "response-cache-control", "Cache-Control",
            "response-content-disposition", "Content-Disposition",
            "response-content-encoding", "Content-Encoding",
            "response-content-language", "Content-Language",
            "response-content-type", "Content-Type",
            "response-expires", "Expires");
    private static final List<String> PICTURE_SIZES = List.of("width", "height");
    private static final List<String> PICTURE_CORNERS = List.of("crop_x1", "crop_y1", "crop_x2", "crop_y2");

    static ReadQuery of(Request request) {
        return request.rawQuery().isEmpty() ? PLAIN : of(request.query());
    }

    private static ReadQuery of(Query query) {
        boolean picture = PICTURE_SIZES.stream().anyMatch(name -> isPositive(query.first(name).orElse("")))
                || PICTURE_CORNERS.stream().anyMatch(name -> query.first(name).isPresent());
        return new ReadQuery(
                UploadQuery.isTrue(query.first("dl").orElse("")), query.first("readDeleted").orElse("").equals("true"),
                query.first("cm").orElse("").equals("false"), picture, headers(query));
    }

    private static Map<String, String> headers(Query query) {
        Map<String, String> headers = new LinkedHashMap<>();
        query.asMap().forEach((name, values) -> {
            String header = HEADER_BY_PARAMETER.get(name.toLowerCase(Locale.ROOT));
            if (header != null) headers.putIfAbsent(header, values.get(0));
        });
        return headers;
    }

    private static boolean isPositive(String text) {
        try {
            return Long.parseLong(text) > 0;
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }
}
