package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that are made smaller, cut or turned on their way. */
@ExtendWith(TestDirectories.class)
class PictureTest {
    private static final String FILE = "/3,01637037d6";

    /** One color of any size: the size stands in bytes 21 to 24. */
    private static final byte[] WEBP =
            HexFormat.of().parseHex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700");

    private RunningServer server;
    private TestDirectory directory;

    @BeforeEach
    void start(TestDirectory fresh) throws IOException {
        directory = fresh;
        server = RunningServer.start(fresh.path());
        server.allocate(3);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** The left half red, the right half blue. */
    private static BufferedImage halves(int width, int height, int type) {
        BufferedImage picture = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) picture.setRGB(x, y, x < width / 2 ? 0xffff0000 : 0xff0000ff);
        }
        return picture;
    }

    private static byte[] file(BufferedImage picture, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(picture, format, out)).isTrue();
        return out.toByteArray();
    }

    private static byte[] webp(int width, int height) {
        byte[] file = WEBP.clone();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(21, width - 1 | height - 1 << 14 | 1 << 28);
        return file;
    }

    private static BufferedImage picture(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return ImageIO.read(new ByteArrayInputStream(response.body()));
    }

    @ParameterizedTest
    @CsvSource({
        "width=20, 20x10", "height=10, 20x10", "width=20&height=20, 20x20", "width=10&height=15, 10x15",
        "width=100&height=10, 100x10", "width=100&height=10&mode=fit, 20x10", "width=10&height=10&mode=fit, 10x5",
        "width=10&height=15&mode=fill, 10x15", "width=40&height=20, 40x20", "width=100, 40x20", "width=-5, 40x20",
        "width=x, 40x20", "crop_x1=1&crop_y1=1&crop_x2=4&crop_y2=3, 3x2", "crop_x2=4&crop_y2=3, 4x3",
        "crop_x1=1&crop_y1=1&crop_x2=41&crop_y2=3, 40x20", "crop_x1=5&crop_x2=4&crop_y2=3, 40x20",
        "crop_x2=20&crop_y2=20&width=10, 10x10", "mode=fit, 40x20"
    })
    void sizesAreThoseOfTheReference(String query, String size) throws Exception {
        server.put(FILE, file(halves(40, 20, BufferedImage.TYPE_INT_RGB), "png"));

        BufferedImage made = picture(server.get(FILE + ".png?" + query));
        assertThat(made.getWidth() + "x" + made.getHeight()).isEqualTo(size);
        HttpResponse<byte[]> head = server.send("HEAD", FILE + ".png?" + query, new byte[0]);
        assertThat(header(head, "Content-Length")).isEqualTo("" + server.get(FILE + ".png?" + query).body().length);
    }

    @ParameterizedTest
    @CsvSource({"png, .png, png", "jpg, .jpg, jpeg", "gif, .gif, gif", "png, .jpg, jpeg", "png, .jpeg, jpeg", "gif, .PNG, png"})
    void theExtensionNamesTheFormat(String stored, String extension, String made) throws Exception {
        server.put(FILE, file(halves(40, 20, BufferedImage.TYPE_INT_RGB), stored), "Content-Type", "image/x-test");

        HttpResponse<byte[]> answer = server.get(FILE + extension + "?width=20");
        assertThat(header(answer, "Content-Type")).as("as stored").isEqualTo("image/x-test");
        var readers = ImageIO.getImageReaders(ImageIO.createImageInputStream(new ByteArrayInputStream(answer.body())));
        assertThat(readers.next().getFormatName()).isEqualToIgnoringCase(made);
        BufferedImage picture = picture(answer);
        assertThat(picture.getRGB(4, 5) >> 16 & 0xff).as("red on the left").isGreaterThan(200);
        assertThat(picture.getRGB(15, 5) & 0xff).as("blue on the right").isGreaterThan(200);
    }

    @Test
    void theMiddleIsCutOut() throws Exception {
        BufferedImage wide = halves(60, 20, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 20; y++) {
            for (int x = 20; x < 40; x++) wide.setRGB(x, y, 0x00ff00);
        }
        server.put(FILE, file(wide, "png"));

        BufferedImage square = picture(server.get(FILE + ".png?width=10&height=10"));
        assertThat(square.getRGB(5, 5) & 0xffffff).isEqualTo(0x00ff00);
        assertThat(square.getRGB(2, 5) & 0xffffff).isEqualTo(0x00ff00);
    }

    @Test
    void webpIsReadAndWrittenAsPng() throws Exception {
        server.put("/3,01637037d6", webp(40, 20));

        BufferedImage made = picture(server.get(FILE + ".webp?width=20"));
        assertThat(made.getWidth()).isEqualTo(20);
        assertThat(server.get(FILE + ".webp?crop_x2=4&crop_y2=3").body()).as("not cut").isEqualTo(webp(40, 20));
    }

    @Test
    void transparencyIsKept() throws Exception {
        BufferedImage clear = new BufferedImage(40, 20, BufferedImage.TYPE_INT_ARGB);
        server.put(FILE, file(clear, "png"));

        assertThat(picture(server.get(FILE + ".png?width=20")).getRGB(3, 3) >>> 24).isZero();
        assertThat(picture(server.get(FILE + ".jpg?width=20")).getRGB(3, 3) & 0xff).as("white in JPEG").isGreaterThan(250);
    }

    @Test
    void theStoredNameCountsWithoutOneInTheUrl() throws Exception {
        byte[] png = file(halves(40, 20, BufferedImage.TYPE_INT_RGB), "png");
        server.postForm(FILE, "Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"", png);

        assertThat(picture(server.get(FILE + "?width=20")).getWidth()).isEqualTo(20);
        assertThat(server.get("/3/01637037d6/other?width=20").body()).isEqualTo(png);
        assertThat(server.get(FILE + ".txt?width=20").body()).isEqualTo(png);
        HttpResponse<byte[]> part = server.get(FILE + "?width=20", "Range", "bytes=0-3");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).containsExactly(0x89, 'P', 'N', 'G');
        assertThat(header(server.get(FILE + "?width=20"), "ETag")).isEqualTo(header(server.get(FILE), "ETag"));
    }

    @Test
    void largeOnesAreMadeSmallerToo() throws Exception {
        BufferedImage noise = halves(3000, 2000, BufferedImage.TYPE_INT_RGB);
        var random = new java.util.Random(7);
        for (int i = 0; i < 700_000; i++) noise.setRGB(random.nextInt(3000), random.nextInt(2000), random.nextInt());
        byte[] png = file(noise, "png");
        assertThat(png.length).isGreaterThan(1 << 20);
        server.postForm(FILE, "Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"", png);

        BufferedImage made = picture(server.get(FILE + "?width=300"));
        assertThat(made.getWidth() + "x" + made.getHeight()).isEqualTo("300x200");
    }

    @Test
    void aChunkedPictureIsOneToo() throws Exception {
        byte[] png = file(halves(40, 20, BufferedImage.TYPE_INT_RGB), "png");
        server.put("/3,02637037d6", Arrays.copyOf(png, 50));
        server.put("/3,03637037d6", Arrays.copyOfRange(png, 50, png.length));
        String manifest = "{\"name\":\"a.png\",\"chunks\":[{\"fid\":\"3,02637037d6\",\"offset\":0,\"size\":50},"
                + "{\"fid\":\"3,03637037d6\",\"offset\":50,\"size\":" + (png.length - 50) + "}]}";
        server.put(FILE + "?cm=true", manifest.getBytes(StandardCharsets.UTF_8));

        assertThat(picture(server.get(FILE + "?width=20")).getWidth()).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no picture", "\u0089PNG\r\n\u001a\n", "GIF89a", "\u00ff\u00d8\u00ff\u00e0"})
    void whatIsNoPictureIsSentAsItIs(String content) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        server.put(FILE, bytes);

        HttpResponse<byte[]> answer = server.get(FILE + ".png?width=20");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(bytes);
    }

    @Test
    void aTruncatedPictureIsSentAsItIs() throws Exception {
        byte[] png = file(halves(400, 200, BufferedImage.TYPE_INT_RGB), "png");
        byte[] cut = Arrays.copyOf(png, png.length / 2);
        server.put(FILE, cut);

        assertThat(server.get(FILE + ".png?width=20").body()).isEqualTo(cut);
    }

    /** A small file that claims a giant picture costs nothing but an error; the file itself is still to be had. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "gif", "jpg", "webp"})
    void giantsAreRefusedBeforeTheyAreDecoded(String format) throws Exception {
        byte[] giant = switch (format) {
            case "png" -> pngHead(65_535, 65_535);
            case "gif" -> gifHead(65_535, 65_535);
            case "webp" -> webp(16_383, 16_383);
            default -> jpegHead(65_535, 65_535);
        };
        server.put(FILE, giant);

        HttpResponse<byte[]> refused = server.get(FILE + "." + format + "?width=20");
        assertThat(refused.statusCode()).as(text(refused)).isEqualTo(422);
        assertThat(text(refused)).contains("pixels").contains("without a size");
        assertThat(server.get(FILE + "." + format).body()).isEqualTo(giant);
    }

    @Test
    void giantResultsAreRefused() throws Exception {
        server.put(FILE, file(halves(40, 20, BufferedImage.TYPE_INT_RGB), "png"));

        HttpResponse<byte[]> refused = server.get(FILE + ".png?width=2000000000&height=10");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(text(refused)).contains("ask for a smaller size");
        assertThat(server.get(FILE + ".png?width=30").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"1, 40x20", "3, 40x20", "6, 20x40", "8, 20x40"})
    void uploadsAreTurnedUpright(int orientation, String size) throws Exception {
        byte[] lying = withOrientation(file(halves(40, 20, BufferedImage.TYPE_INT_RGB), "jpg"), orientation);
        server.put(FILE, lying, "Content-Type", "image/jpeg");
        assertThat(server.get(FILE).body()).as("only if the server is told to").isEqualTo(lying);
        server.close();
        server = RunningServer.start(directory.path(), config -> config.withTurnsPictures(true));

        HttpResponse<byte[]> stored = server.put("/3,02637037d6", lying, "Content-Type", "image/jpeg");
        assertThat(text(stored)).contains("\"size\":" + lying.length);
        HttpResponse<byte[]> read = server.get("/3,02637037d6");
        assertThat(header(read, "ETag")).isEqualTo(header(stored, "ETag"));
        BufferedImage upright = picture(read);
        assertThat(upright.getWidth() + "x" + upright.getHeight()).isEqualTo(size);
        boolean redFirst = (upright.getRGB(4, 4) >> 16 & 0xff) > 200;
        assertThat(redFirst).as("what was left is where it belongs").isEqualTo(orientation == 1 || orientation == 6);
        server.put("/3,03637037d6", new byte[] {1, 2}, "Content-Type", "image/jpeg");
        assertThat(server.get("/3,03637037d6").body()).as("no picture").containsExactly(1, 2);
    }

    @Test
    void aSmallerPictureIsStillTurnedByWhoeverShowsIt() throws Exception {
        byte[] lying = withOrientation(file(halves(40, 20, BufferedImage.TYPE_INT_RGB), "jpg"), 6);
        server.put(FILE, lying);

        HttpResponse<byte[]> small = server.get(FILE + ".jpg?width=20");
        assertThat(picture(small).getWidth()).isEqualTo(20);
        assertThat(Arrays.copyOfRange(small.body(), 2, 38)).as("EXIF").isEqualTo(Arrays.copyOfRange(lying, 2, 38));
    }

    private static byte[] withOrientation(byte[] jpeg, int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(2 + 2 + 6 + 8 + 2 + 12 + 4);
        exif.putShort((short) 0xffe1).putShort((short) (exif.capacity() - 2)).put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put("MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(8)
                .putShort((short) 1).putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation)
                .putShort((short) 0).putInt(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(exif.array());
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    private static byte[] pngHead(int width, int height) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(HexFormat.of().parseHex("89504e470d0a1a0a"));
        byte[] head = ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0}).array();
        chunk(file, "IHDR", head);
        chunk(file, "IDAT", new byte[] {1});
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data) throws IOException {
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(data.length);
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        out.write(name);
        out.write(data);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeInt((int) crc.getValue());
    }

    private static byte[] gifHead(int width, int height) {
        return ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN)
                .put("GIF89a".getBytes(StandardCharsets.US_ASCII)).putShort((short) width).putShort((short) height)
                .put(new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, -1, -1, -1})
                .put((byte) 0x2c).putShort((short) 0).putShort((short) 0).putShort((short) width).putShort((short) height)
                .put((byte) 0).put((byte) 2).put((byte) 1).put((byte) 0).put((byte) 0).put((byte) 0x3b).array();
    }

    private static byte[] jpegHead(int width, int height) throws IOException {
        byte[] small = file(halves(16, 16, BufferedImage.TYPE_INT_RGB), "jpg");
        for (int i = 0; i < small.length - 9; i++) {
            if (small[i] == (byte) 0xff && small[i + 1] == (byte) 0xc0) {
                ByteBuffer.wrap(small).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
                return small;
            }
        }
        throw new AssertionError("a JPEG file has a frame");
    }
}
