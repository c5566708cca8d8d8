package dev.kelpfs.volume.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures as files. */
final class PictureWriter {
    private static final float JPEG_QUALITY = 0.75f;

    private PictureWriter() {}

    static byte[] write(BufferedImage picture, PictureFormat format) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format.written()).next();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(file)) {
            writer.setOutput(out);
            ImageWriteParam how = writer.getDefaultWriteParam();
            BufferedImage written = picture;
            if (format == PictureFormat.JPEG) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality(JPEG_QUALITY);
                written = opaque(picture);
            }
            writer.write(null, new IIOImage(written, null, null), how);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    /** The picture with integers as pixels, which all operations understand. */
    static BufferedImage withIntegers(BufferedImage picture) {
        int type = picture.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        return picture.getType() == type ? picture : drawn(picture, type, new Color(0, true));
    }

    /** JPEG knows no transparency; what was transparent becomes white. */
    private static BufferedImage opaque(BufferedImage picture) {
        return picture.getColorModel().hasAlpha() ? drawn(picture, BufferedImage.TYPE_INT_RGB, Color.WHITE) : picture;
    }

    private static BufferedImage drawn(BufferedImage picture, int type, Color ground) {
        BufferedImage copy = new BufferedImage(picture.getWidth(), picture.getHeight(), type);
        Graphics2D graphics = copy.createGraphics();
        try {
            graphics.drawImage(picture, 0, 0, ground.getAlpha() == 0 ? null : ground, null);
        } finally {
            graphics.dispose();
        }
        return copy;
    }
}
