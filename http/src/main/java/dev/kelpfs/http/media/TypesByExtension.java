package dev.kelpfs.http.media;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Media types by the extension of a file name; the same on every host.
 *
 * <p>Source: volume server, section 3.17.
 */
public final class TypesByExtension {
    private static final String UTF_8 = "; charset=utf-8";
    private static final Map<String, String> TYPES = new HashMap<>();

    static {
        text("plain", "txt log cfg conf ini properties env gitignore gitattributes text");
        text("html", "html htm shtml ehtml");
        text("css", "css");
        text("csv", "csv");
        text("markdown", "md markdown");
        text("yaml", "yaml yml");
        text("sql", "sql");
        text("typescript", "ts");
        text("x-python", "py");
        text("x-go", "go");
        text("x-java", "java");
        text("x-php", "php");
        text("x-ruby", "rb");
        text("x-perl", "pl");
        text("x-rust", "rs");
        text("x-swift", "swift");
        text("x-kotlin", "kt");
        text("x-scala", "scala");
        text("x-dockerfile", "dockerfile");
        text("x-c", "c");
        text("x-c++", "cpp cc cxx c++");
        text("x-c-header", "h hpp");
        text("x-shellscript", "sh bash zsh fish");
        text("calendar", "ics");
        text("vtt", "vtt");
        text("xml", "xsl xbl");
        type("application/json", "json");
        type("application/xml", "xml");
        type("application/javascript", "js mjs");
        type("application/xhtml+xml", "xhtml xht");
        type("application/rdf+xml", "rdf");
        type("application/rtf", "rtf");
        type("application/postscript", "ps eps ai");
        type("application/wasm", "wasm");
        type("application/pdf", "pdf");
        type("application/msword", "doc");
        type("application/vnd.ms-excel", "xls");
        type("application/vnd.ms-powerpoint", "ppt");
        type("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx");
        type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");
        type("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx");
        type("application/vnd.android.package-archive", "apk");
        type("application/zip", "zip");
        type("application/x-tar", "tar");
        type("application/gzip", "gz");
        type("application/x-bzip2", "bz2");
        type("application/x-7z-compressed", "7z");
        type("application/x-rar-compressed", "rar");
        type("application/octet-stream", "bin com exe");
        type("image/jpeg", "jpg jpeg jfif pjpeg pjp");
        type("image/png", "png");
        type("image/gif", "gif");
        type("image/bmp", "bmp");
        type("image/webp", "webp");
        type("image/svg+xml", "svg");
        type("image/x-icon", "ico");
        type("image/avif", "avif");
        type("image/apng", "apng");
        type("image/tiff", "tif tiff");
        type("image/x-xbitmap", "xbm");
        type("video/mp4", "mp4");
        type("video/x-msvideo", "avi");
        type("video/quicktime", "mov");
        type("video/x-ms-wmv", "wmv");
        type("video/x-flv", "flv");
        type("video/webm", "webm");
        type("video/ogg", "ogv");
        type("audio/mpeg", "mp3");
        type("audio/wav", "wav");
        type("audio/flac", "flac");
        type("audio/aac", "aac");
        type("audio/ogg", "ogg oga opus");
        type("audio/mp4", "m4a");
        type("message/rfc822", "eml");
    }

    private TypesByExtension() {}

    /** @param extension without the dot, in any case; empty for none */
    public static Optional<String> ofExtension(String extension) {
        return Optional.ofNullable(TYPES.get(extension.toLowerCase(Locale.ROOT)));
    }

    /** The type of a file name by what stands behind its last dot. */
    public static Optional<String> ofName(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? Optional.empty() : ofExtension(name.substring(dot + 1));
    }

    private static void text(String subtype, String extensions) {
        type("text/" + subtype + UTF_8, extensions);
    }

    private static void type(String type, String extensions) {
        for (String extension : extensions.split(" ")) {
            if (TYPES.put(extension, type) != null) throw new IllegalStateException("two types for the extension " + extension);
        }
    }
}
