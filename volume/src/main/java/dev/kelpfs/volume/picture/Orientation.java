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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How a camera was held, as EXIF tells it with the numbers 1 to 8.
 *
 * @param mirrored left and right are exchanged, before it is turned
 * @param quarters quarter turns to the right that make it upright
 */
record Orientation(boolean mirrored, int quarters) {
    static final Orientation UPRIGHT = new Orientation(false, 0);

    static final int UPRIGHT_NUMBER = 1;

    private static final int JPEG_START_BYTES = 2;
    /** Marker and length, {@code Exif\0\0}, head of a TIFF file, a directory with one entry, and its end. */
    private static final int SEGMENT_BYTES = 4 + 6 + 8 + 2 + 12 + 4;
    private static final int DIRECTORY_AT = 8;
    private static final short SHORT_TYPE = 3;

    /** The number in a JPEG file; that of an upright picture if there is none that can be read. */
    static int numberIn(byte[] file) {
        try {
            for (JPEGSegment segment : JPEGSegmentUtil.readSegments(new ByteArrayImageInputStream(file), JPEG.APP1, "Exif")) {
                byte[] exif = segment.data().readAllBytes();
                if (exif.length > 1) return numberOf(exif);
            }
            return UPRIGHT_NUMBER;
        } catch (IOException | RuntimeException unreadable) {
            return UPRIGHT_NUMBER;
        }
    }

    private static int numberOf(byte[] exif) throws IOException {
        // The library leaves one zero of the head in front.
        int start = exif[0] == 0 ? 1 : 0;
        Directory directory = new TIFFReader().read(new ByteArrayImageInputStream(exif, start, exif.length - start));
        Entry entry = directory.getEntryById(TIFF.TAG_ORIENTATION);
        return entry != null && entry.getValue() instanceof Number number ? number.intValue() : UPRIGHT_NUMBER;
    }

    /** A JPEG file with one more segment behind its start, which says nothing but this number. */
    static byte[] withNumber(byte[] file, int exifNumber) {
        ByteBuffer out = ByteBuffer.allocate(file.length + SEGMENT_BYTES);
        out.put(file, 0, JPEG_START_BYTES);
        out.putShort((short) JPEG.APP1).putShort((short) (SEGMENT_BYTES - Short.BYTES));
        out.put("Exif\0\0MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(DIRECTORY_AT);
        out.putShort((short) 1).putShort((short) TIFF.TAG_ORIENTATION).putShort(SHORT_TYPE).putInt(1);
        out.putShort((short) exifNumber).putShort((short) 0).putInt(0);
        return out.put(file, JPEG_START_BYTES, file.length - JPEG_START_BYTES).array();
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
