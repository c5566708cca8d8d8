package dev.kelpfs.http.multipart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.http.BodyReader;
import dev.kelpfs.testkit.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Both readers over the same bodies. */
class MultipartTest {
    private static final Boundary BOUNDARY = new Boundary("XbX");
    private static final int ROUNDS = 3000;

    private record Expected(String name, byte[] data) {}

    @Test
    void randomBodiesInRandomPiecesComeBackWhole() throws Exception {
        RandomGenerator random = Seed.announced("MultipartTest").random();
        for (int round = 0; round < ROUNDS; round++) {
            List<Expected> parts = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) parts.add(new Expected("part-" + i, content(random)));
            byte[] body = body(parts, random);
            assertSame(parts, streamed(body, random));
            assertSame(parts, sliced(body));
        }
    }

    @Test
    void everyTruncationIsNoticed() throws Exception {
        RandomGenerator random = Seed.announced("MultipartTest").random();
        byte[] body = body(List.of(new Expected("a", bytes("first\r\n--Xb")), new Expected("b", bytes("second"))), random);
        int end = new String(body, StandardCharsets.ISO_8859_1).lastIndexOf("--XbX--") + "--XbX--".length();
        for (int length = 0; length < end; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            assertThatThrownBy(() -> streamed(cut, random)).as("cut at %d", cut.length).isInstanceOf(MultipartException.class);
            assertThatThrownBy(() -> sliced(cut)).as("cut at %d", cut.length).isInstanceOf(MultipartException.class);
        }
    }

    @Test
    void slicesAreNotCopied() throws Exception {
        ByteBuf body = Unpooled.directBuffer().writeBytes(bytes("skip--XbX\r\nA: b\r\n\r\ndata\r\n--XbX--")).skipBytes(4);
        MultipartParts parts = new MultipartParts(body, BOUNDARY, MultipartLimits.defaults());
        MultipartParts.Part part = parts.next().orElseThrow();
        assertThat(part.data().toString(StandardCharsets.US_ASCII)).isEqualTo("data");
        body.setByte(body.indexOf(0, body.writerIndex(), (byte) 'd'), 'D');
        assertThat(part.data().toString(StandardCharsets.US_ASCII)).isEqualTo("Data");
        assertThat(parts.next()).isEmpty();
        assertThat(parts.next()).isEmpty();
        body.release();
    }

    @Test
    void headersAreUnderstood() throws Exception {
        PartHeaders headers = headersOf("content-disposition: form-data; name=\"file\"; filename=\"C:\\dir\\a b.txt\"\r\n"
                + "Content-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-MD5: abc=\r\nX-Folded: one\r\n two\r\n");
        assertThat(headers.name()).contains("file");
        assertThat(headers.fileName()).contains("a b.txt");
        assertThat(headers.contentType()).contains("text/plain");
        assertThat(headers.contentEncoding()).contains("gzip");
        assertThat(headers.contentMd5()).contains("abc=");
        assertThat(headers.first("x-folded")).contains("one two");
        assertThat(headersOf("").fileName()).isEmpty();
        assertThat(headersOf("Content-Disposition: form-data; filename=\"\"\r\n").fileName()).isEmpty();
        assertThat(headersOf("Content-Disposition: form-data; filename=\"a/b/\"\r\n").fileName()).contains("b");
        assertThat(headersOf("Content-Disposition: form-data; filename*=utf-8''%C3%A4.txt\r\n").fileName())
                .contains("\u00e4.txt");
        assertThat(headersOf("Content-Disposition: form-data; filename=\"\u00c3\u00a4.txt\"\r\n").fileName())
                .contains("\u00e4.txt");
        assertThat(headersOf("Content-Disposition: ;;;\r\n").fileName()).isEmpty();
    }

    @Test
    void limitsHold() {
        String parts = "--XbX\r\n\r\n\r\n".repeat(4) + "--XbX--";
        assertThatThrownBy(() -> {
            ByteBuf body = Unpooled.wrappedBuffer(bytes(parts));
            MultipartParts three = new MultipartParts(body, BOUNDARY, new MultipartLimits(3, 100));
            while (three.next().isPresent()) { }
        }).hasMessageContaining("more than 3 parts");
        for (String header : List.of("A: " + "b".repeat(200) + "\r\n", "A: b\r\n".repeat(50), "A: " + "b".repeat(200_000))) {
            assertThatThrownBy(() -> new MultipartReader(
                                    new Pieces(bytes("--XbX\r\n" + header + "\r\ndata\r\n--XbX--"), new Seed(1).random()),
                                    BOUNDARY,
                                    new MultipartLimits(3, 100))
                            .nextPart())
                    .hasMessageContaining("longer than 100 bytes");
        }
    }

    @Test
    void malformedBodiesAreRefused() {
        for (String body : List.of("", "no boundary at all", "--XbXmore\r\n\r\n", "--XbX-\r\n\r\na",
                "--XbX\r\nno colon\r\n\r\ndata\r\n--XbX--",
                "--XbX\r\n: no name\r\n\r\ndata\r\n--XbX--", "--XbX junk\r\n\r\ndata\r\n--XbX--")) {
            assertThatThrownBy(() -> sliced(bytes(body))).as(body).isInstanceOf(MultipartException.class);
        }
    }

    @Test
    void boundaryComesFromTheContentType() throws Exception {
        assertThat(Boundary.ofContentType("multipart/form-data; boundary=\"a b\"").text()).isEqualTo("a b");
        assertThat(Boundary.ofContentType("Multipart/Form-Data;boundary=abc;charset=x").text()).isEqualTo("abc");
        assertThatThrownBy(() -> Boundary.ofContentType("multipart/form-data")).hasMessageContaining("boundary");
        for (String bad : List.of("", "multipart/mixed; boundary=a", "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"\"",
                "multipart/form-data; boundary=" + "a".repeat(71))) {
            assertThatThrownBy(() -> Boundary.ofContentType(bad)).as(bad).isInstanceOf(MultipartException.class);
        }
    }

    private static void assertSame(List<Expected> expected, List<Expected> actual) {
        assertThat(actual.stream().map(Expected::name)).isEqualTo(expected.stream().map(Expected::name).toList());
        for (int i = 0; i < expected.size(); i++) assertThat(actual.get(i).data()).isEqualTo(expected.get(i).data());
    }

    /** Random bytes from an alphabet that likes to look like a delimiter. */
    private static byte[] content(RandomGenerator random) {
        String[] alphabet = {"\r\n--XbX", "\r\n--Xb", "\r\n", "\r", "-", "X", "b", "\0", "long run of ordinary bytes"};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextBoolean() ? 12 : 400); i > 0; i--) {
            text.append(alphabet[random.nextInt(alphabet.length)]);
        }
        // Dashes and boundary may stand in the data as long as nothing behind them makes them a delimiter.
        return bytes(text.toString().replaceAll("--XbX(?!\\.)", "--XbX."));
    }

    private static byte[] body(List<Expected> parts, RandomGenerator random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (random.nextInt(4) == 0) out.writeBytes(bytes("a preamble\r\n"));
        for (int i = 0; i < parts.size(); i++) {
            String padding = random.nextInt(4) == 0 ? " \t" : "";
            String disposition = "Content-Disposition: form-data; name=\"" + parts.get(i).name() + "\"";
            out.writeBytes(bytes("--XbX" + padding + "\r\n" + disposition + "\r\n\r\n"));
            out.writeBytes(parts.get(i).data());
            // An empty part may do without the line end of its delimiter.
            if (parts.get(i).data().length > 0 || random.nextBoolean()) out.writeBytes(bytes("\r\n"));
        }
        out.writeBytes(bytes("--XbX--" + (random.nextBoolean() ? "\r\nan epilogue" : "")));
        return out.toByteArray();
    }

    private static List<Expected> streamed(byte[] body, RandomGenerator random) throws IOException {
        MultipartReader reader = new MultipartReader(new Pieces(body, random), BOUNDARY, MultipartLimits.defaults());
        List<Expected> parts = new ArrayList<>();
        for (Optional<PartHeaders> part = reader.nextPart(); part.isPresent(); part = reader.nextPart()) {
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(1 + random.nextInt(200));
            while (reader.read(buffer) != BodyReader.END) {
                data.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            parts.add(new Expected(part.get().name().orElseThrow(), data.toByteArray()));
        }
        return parts;
    }

    private static List<Expected> sliced(byte[] body) throws IOException {
        MultipartParts reader = new MultipartParts(Unpooled.wrappedBuffer(body), BOUNDARY, MultipartLimits.defaults());
        List<Expected> parts = new ArrayList<>();
        for (Optional<MultipartParts.Part> part = reader.next(); part.isPresent(); part = reader.next()) {
            byte[] data = new byte[part.get().data().readableBytes()];
            part.get().data().readBytes(data);
            parts.add(new Expected(part.get().headers().name().orElse(""), data));
        }
        return parts;
    }

    private static PartHeaders headersOf(String lines) throws IOException {
        byte[] body = bytes("--XbX\r\n" + lines + "\r\n\r\n--XbX--");
        MultipartParts parts = new MultipartParts(Unpooled.wrappedBuffer(body), BOUNDARY, MultipartLimits.defaults());
        return parts.next().orElseThrow().headers();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A body that comes in pieces of random size. */
    private static final class Pieces implements BodyReader {
        private final ByteBuffer left;
        private final RandomGenerator random;

        Pieces(byte[] body, RandomGenerator random) {
            left = ByteBuffer.wrap(body);
            this.random = random;
        }

        @Override
        public int read(ByteBuffer target) {
            if (!target.hasRemaining()) return 0;
            if (!left.hasRemaining()) return END;
            int most = 1 + random.nextInt(random.nextBoolean() ? 5 : 500);
            int count = Math.min(Math.min(left.remaining(), target.remaining()), most);
            target.put(left.slice(left.position(), count));
            left.position(left.position() + count);
            return count;
        }
    }
}
