package dev.kelpfs.volume.file;

import dev.kelpfs.http.Request;
import dev.kelpfs.http.media.MalformedMediaTypeException;
import dev.kelpfs.http.media.MediaType;
import dev.kelpfs.http.media.TypesByExtension;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Uploads whose body is the file itself: name and type come from the request's head.
 *
 * <p>Source: volume server, section 3.10, column <em>raw</em>.
 */
final class RawUpload {
    /** What curl and wget say when nobody told them a type; it is not that of the file. */
    private static final String SAID_BY_DEFAULT = "application/x-www-form-urlencoded";

    private RawUpload() {}

    static Upload of(Request request, UploadQuery query, List<ByteBuffer> body) {
        String name = name(request);
        String type = HeaderText.fromWire(request.header(HttpHeaderNames.CONTENT_TYPE).orElse(""));
        String given = type.equalsIgnoreCase(SAID_BY_DEFAULT) ? "" : type;
        String guess = query.manifest() ? "" : TypesByExtension.ofName(name).orElse("");
        return new Upload(
                body, name, UploadRules.rawMime(given, guess),
                request.header(HttpHeaderNames.CONTENT_ENCODING).orElse("").equals("gzip"),
                request.header("Content-MD5").orElse(""));
    }

    private static String name(Request request) {
        String disposition = request.header("Content-Disposition").orElse("");
        String given = disposition.contains("name=") ? name(disposition) : "";
        return given.isEmpty() ? UploadRules.baseName(request.path()) : given;
    }

    private static String name(String disposition) {
        int end = disposition.indexOf(';');
        String type = (end < 0 ? disposition : disposition.substring(0, end)).strip();
        boolean typeless = type.isEmpty() || type.indexOf('=') >= 0;
        if (!typeless && !type.startsWith("attachment") && !type.startsWith("inline")) return "";
        try {
            MediaType parsed = MediaType.parse(
                    typeless ? "inline" + (type.isEmpty() ? "" : ";") + disposition : disposition);
            return UploadRules.baseName(parsed.parameter("filename").or(() -> parsed.parameter("name")).orElse(""));
        } catch (MalformedMediaTypeException noDisposition) {
            return "";
        }
    }
}
