package dev.kelpfs.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerParserTest {
    private static final String ANSWERS = "HTTP/1.1 200 OK\r\nx: 1\r\nCONTENT-length: 5\r\n\r\nab\r\n\n"
            + "HTTP/1.1 204 No Content\r\n\r\n"
            + "HTTP/1.1 500 Oops\r\ncontent-length:  0\r\n\r\n";

    @Test
    void findsEveryAnswerHoweverTheBytesAreCut() throws IOException {
        byte[] bytes = ANSWERS.getBytes(StandardCharsets.US_ASCII);
        for (int piece = 1; piece <= bytes.length; piece++) {
            AnswerParser parser = new AnswerParser();
            List<Integer> statuses = new ArrayList<>();
            for (int at = 0; at < bytes.length; at += piece) {
                ByteBuffer in = ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at));
                while (in.hasRemaining()) {
                    int status = parser.accept(in);
                    if (status != 0) statuses.add(status);
                }
            }
            assertThat(statuses).as("in pieces of %d", piece).containsExactly(200, 204, 500);
        }
    }

    @Test
    void refusesWhatItCannotMeasure() {
        for (String bad : List.of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "SSH-2.0-OpenSSH_9\r\n\r\n")) {
            assertThatThrownBy(() -> new AnswerParser().accept(ByteBuffer.wrap(bad.getBytes(StandardCharsets.US_ASCII))))
                    .isInstanceOf(IOException.class);
        }
    }
}
