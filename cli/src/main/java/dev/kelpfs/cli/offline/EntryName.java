package dev.kelpfs.cli.offline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Names of entries in an archive. What clients have called their files must not lead whoever unpacks it out of the
 * directory, so that a name never begins at the root and never climbs. Pure.
 */
final class EntryName {
    /** Extensions of what is uploaded most, for files whose name has none. */
    private static final Map<String, String> EXTENSIONS = Map.ofEntries(
            Map.entry("image/jpeg", ".jpg"), Map.entry("image/png", ".png"), Map.entry("image/gif", ".gif"),
            Map.entry("image/webp", ".webp"), Map.entry("image/svg+xml", ".svg"), Map.entry("image/tiff", ".tiff"),
            Map.entry("image/bmp", ".bmp"), Map.entry("video/mp4", ".mp4"), Map.entry("video/webm", ".webm"),
            Map.entry("audio/mpeg", ".mp3"), Map.entry("audio/ogg", ".ogg"), Map.entry("text/plain", ".txt"),
            Map.entry("text/html", ".html"), Map.entry("text/css", ".css"), Map.entry("text/csv", ".csv"),
            Map.entry("text/javascript", ".js"), Map.entry("application/javascript", ".js"),
            Map.entry("application/json", ".json"), Map.entry("application/xml", ".xml"), Map.entry("text/xml", ".xml"),
            Map.entry("application/pdf", ".pdf"), Map.entry("application/zip", ".zip"),
            Map.entry("application/gzip", ".gz"), Map.entry("application/x-tar", ".tar"));

    private EntryName() {}

    /** The name without empty, climbing and unprintable parts. */
    static String safe(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/")) {
            String plain = plain(part);
            if (plain.isEmpty() || plain.equals(".")) continue;
            parts.add(plain.equals("..") ? "__" : plain);
        }
        return parts.isEmpty() ? "_" : String.join("/", parts);
    }

    private static String plain(String part) {
        StringBuilder plain = new StringBuilder();
        part.codePoints().forEach(c -> plain.appendCodePoint(Character.isISOControl(c) || c == '\\' ? '_' : c));
        return plain.toString();
    }

    /** With {@code .gz} behind it unless it has that. */
    static String compressed(String name) {
        return name.endsWith(".gz") ? name : name + ".gz";
    }

    /** What {@code Ext} stands for: an extension that goes with the MIME type, if the name has none. */
    static String extension(String name, String mime) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        if (last.lastIndexOf('.') > 0) return "";
        int parameters = mime.indexOf(';');
        return EXTENSIONS.getOrDefault((parameters < 0 ? mime : mime.substring(0, parameters)).strip(), "");
    }
}
