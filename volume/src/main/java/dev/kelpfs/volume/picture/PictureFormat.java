package dev.kelpfs.volume.picture;

import java.util.Locale;
import java.util.Optional;

/** The formats of pictures that can be changed, by the extension under which they are asked for. */
public enum PictureFormat {
    PNG("png", true),
    JPEG("jpeg", true),
    GIF("gif", true),
    /** Read, but written as PNG, and not cut. */
    WEBP("png", false);

    private final String written;
    private final boolean cut;

    PictureFormat(String written, boolean cut) {
        this.written = written;
        this.cut = cut;
    }

    /** @param extension with its dot, in any case */
    public static Optional<PictureFormat> ofExtension(String extension) {
        return switch (extension.toLowerCase(Locale.ROOT)) {
            case ".png" -> Optional.of(PNG);
            case ".jpg", ".jpeg" -> Optional.of(JPEG);
            case ".gif" -> Optional.of(GIF);
            case ".webp" -> Optional.of(WEBP);
            default -> Optional.empty();
        };
    }

    /** Name of the format in which a changed picture is written. */
    String written() {
        return written;
    }

    boolean canBeCut() {
        return cut;
    }
}
