package dev.kelpfs.volume.file;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.VolumeId;
import java.util.Locale;

/**
 * The path of a file, taken apart. The number of slashes decides the form: {@code /vid,key.ext}, {@code /vid/key.ext},
 * {@code /vid/key/name.ext}. Taking apart never fails; what cannot be an id is found by {@link #volume()} and
 * {@link #id()}, since a read, a write and a delete answer it differently.
 *
 * <p>Source: volume server, section 3.3; a path that breaks the reference's connection is an ordinary bad id here.
 *
 * @param volumeText the part that should be a volume id
 * @param keyText the part that should be key and cookie, a {@code _delta} included
 * @param extension with its dot; empty for none
 * @param name file name given in the URL; empty for none
 */
record FileUrl(String volumeText, String keyText, String extension, String name) {
    /** Takes a decoded path apart, for reads and deletes. */
    static FileUrl of(String path) {
        int second = path.indexOf('/', 1);
        if (second < 0) return commaForm(path);
        int third = path.indexOf('/', second + 1);
        if (third < 0) {
            String volume = path.substring(1, second);
            int dot = path.lastIndexOf('.');
            if (dot <= second + 1) return new FileUrl(volume, path.substring(second + 1), "", "");
            return new FileUrl(volume, path.substring(second + 1, dot), path.substring(dot), "");
        }
        if (path.indexOf('/', third + 1) >= 0) return new FileUrl(path.substring(1), "", "", "");
        String name = path.substring(third + 1);
        int dot = name.lastIndexOf('.');
        return new FileUrl(
                path.substring(1, second), path.substring(second + 1, third), dot < 0 ? "" : name.substring(dot), name);
    }

    /**
     * The same for an upload: the volume as above, but key and cookie stand between the last comma of the path and the
     * last dot behind it. Without a comma the key text is empty, which no id has.
     */
    static FileUrl ofUpload(String path) {
        FileUrl read = of(path);
        int comma = path.lastIndexOf(',');
        if (comma < 0) return new FileUrl(read.volumeText, "", read.extension, read.name);
        int dot = path.lastIndexOf('.');
        String key = dot > comma ? path.substring(comma + 1, dot) : path.substring(comma + 1);
        return new FileUrl(read.volumeText, key, read.extension, read.name);
    }

    private static FileUrl commaForm(String path) {
        int comma = path.lastIndexOf(',');
        if (comma < 0) return new FileUrl(path.substring(1), "", "", "");
        int dot = path.lastIndexOf('.');
        if (dot < 0) return new FileUrl(path.substring(1, comma), path.substring(comma + 1), "", "");
        if (dot < comma) return new FileUrl(path.substring(1, comma), "", "", "");
        return new FileUrl(path.substring(1, comma), path.substring(comma + 1, dot), path.substring(dot), "");
    }

    /** @throws IllegalArgumentException if the volume part is no volume id */
    VolumeId volume() {
        return VolumeId.parse(volumeText);
    }

    /** @throws IllegalArgumentException if either part is not what it should be */
    FileId id() {
        return FileId.of(volume(), keyText);
    }

    /**
     * Extension of the file, with its dot and in lower case: that of the URL, and that of the stored name if the URL has
     * neither a name nor an extension. Empty for none.
     */
    String extensionOr(String storedName) {
        if (!extension.isEmpty()) return extension.toLowerCase(Locale.ROOT);
        int dot = storedName.lastIndexOf('.');
        return dot < 0 || !name.isEmpty() ? "" : storedName.substring(dot).toLowerCase(Locale.ROOT);
    }

    /** What a token must name: both parts as they stand in the URL, without the delta. */
    String tokenSubject() {
        int underscore = keyText.lastIndexOf('_');
        return volumeText + "," + (underscore > 0 ? keyText.substring(0, underscore) : keyText);
    }

    /** Last component of a path, which names a raw upload that brings no name. */
    static String lastComponent(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
