package dev.kelpfs.volume.picture;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;

/**
 * How a camera was held, as EXIF tells it with the numbers 1 to 8.
 *
 * @param mirrored left and right are exchanged, before it is turned
 * @param quarters quarter turns to the right that make it upright
 */
record Orientation(boolean mirrored, int quarters) {
    static final Orientation UPRIGHT = new Orientation(false, 0);

    /** Length of {@code Exif\0\0}, which stands in front of the directory. */
    private static final int EXIF_HEAD_BYTES = 6;

    /** What a JPEG file says; upright if it says nothing that can be read. */
    static Orientation ofJpeg(byte[] file) {
        try {
            for (JPEGSegment segment : JPEGSegmentUtil.readSegments(new ByteArrayImageInputStream(file), JPEG.APP1, "Exif")) {
                byte[] exif = segment.data().readAllBytes();
                if (exif.length > 1) return of(exif);
            }
            return UPRIGHT;
        } catch (IOException | RuntimeException unreadable) {
            return UPRIGHT;
        }
    }

    private static Orientation of(byte[] exif) throws IOException {
        // The library leaves one zero of the head in front.
        int start = exif[0] == 0 ? 1 : 0;
        Directory directory = new TIFFReader().read(new ByteArrayImageInputStream(exif, start, exif.length - start));
        Entry entry = directory.getEntryById(TIFF.TAG_ORIENTATION);
        return entry != null && entry.getValue() instanceof Number number ? of(number.intValue()) : UPRIGHT;
    }

    static Orientation of(int exifNumber) {
        return switch (exifNumber) {
            case 2 -> new Orientation(true, 0);
            case 3 -> new Orientation(false, 2);
            case 4 -> new Orientation(true, 2);
            case 5 -> new Orientation(true, 3);
            case 6 -> new Orientation(false, 1);
            case 7 -> new Orientation(true, 1);
            case 8 -> new Orientation(false, 3);
            default -> UPRIGHT;
        };
    }

    /** The picture made upright. @param lying with integers as pixels */
    BufferedImage upright(BufferedImage lying) {
        int width = lying.getWidth();
        int height = lying.getHeight();
        boolean lies = quarters % 2 == 1;
        BufferedImage turned = new BufferedImage(lies ? height : width, lies ? width : height, lying.getType());
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            lying.getRGB(0, y, width, 1, row, 0, width);
            for (int column = 0; column < width; column++) {
                int x = mirrored ? width - 1 - column : column;
                switch (quarters) {
                    case 1 -> turned.setRGB(height - 1 - y, x, row[column]);
                    case 2 -> turned.setRGB(width - 1 - x, height - 1 - y, row[column]);
                    case 3 -> turned.setRGB(y, width - 1 - x, row[column]);
                    default -> turned.setRGB(x, y, row[column]);
                }
            }
        }
        return turned;
    }
}
