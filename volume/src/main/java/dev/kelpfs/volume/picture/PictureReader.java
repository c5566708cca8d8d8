package dev.kelpfs.volume.picture;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/** Reads a picture by its content, whatever it is called. For one thread. */
final class PictureReader implements AutoCloseable {
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "jpg", "gif", "webp");

    private final ImageReader reader;
    private final boolean holdsAll;

    private PictureReader(ImageReader reader, boolean holdsAll) {
        this.reader = reader;
        this.holdsAll = holdsAll;
    }

    /** Empty if this is no picture of a known format. */
    static Optional<PictureReader> open(byte[] file) throws IOException {
        var input = new ByteArrayImageInputStream(file);
        for (Iterator<ImageReader> readers = ImageIO.getImageReaders(input); readers.hasNext(); ) {
            ImageReader reader = readers.next();
            String format = reader.getFormatName().toLowerCase(Locale.ROOT);
            if (!FORMATS.contains(format)) {
                reader.dispose();
                continue;
            }
            // Texts and profiles beside the picture can be compressed without bounds; they are not looked at.
            reader.setInput(input, true, true);
            return Optional.of(new PictureReader(reader, format.equals("webp")));
        }
        return Optional.empty();
    }

    int width() throws IOException {
        return reader.getWidth(0);
    }

    int height() throws IOException {
        return reader.getHeight(0);
    }

    /** Pixels that are in memory at once while a part is read. */
    long heldPixels(PicturePlan.Part part, int step) throws IOException {
        return holdsAll ? (long) width() * height() : part.pixels() / ((long) step * step);
    }

    /** Decodes a part of the first picture, and of it every {@code step}th row and column. */
    BufferedImage read(PicturePlan.Part part, int step) throws IOException {
        ImageReadParam how = reader.getDefaultReadParam();
        how.setSourceRegion(new Rectangle(part.left(), part.top(), part.width(), part.height()));
        how.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, how);
    }

    @Override
    public void close() {
        reader.dispose();
    }
}
