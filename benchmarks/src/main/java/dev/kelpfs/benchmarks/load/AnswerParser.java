package dev.kelpfs.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds the end of each answer in the bytes of one connection, at the least cost: status and Content-Length are read, all
 * else is skipped. Chunked answers are refused, as no measured request gives one.
 */
final class AnswerParser {
    private static final int MAX_HEAD_BYTES = 8 * 1024;

    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int headLength;
    private boolean inBody;
    private long bodyLeft;
    private int status;

    /**
     * Takes bytes until an answer is complete or there are no more.
     *
     * @return the status of the answer that ended, or 0 if more bytes are needed
     */
    int accept(ByteBuffer in) throws IOException {
        while (true) {
            if (inBody) {
                int n = (int) Math.min(bodyLeft, in.remaining());
                in.position(in.position() + n);
                bodyLeft -= n;
                if (bodyLeft > 0) return 0;
                inBody = false;
                return status;
            }
            if (!acceptHead(in)) return 0;
            inBody = true;
        }
    }

    private boolean acceptHead(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (headLength == head.length) throw new IOException("an answer's head is longer than " + head.length + " bytes");
            byte b = in.get();
            head[headLength++] = b;
            if (b == '\n' && headLength >= 4 && head[headLength - 3] == '\n') {
                parseHead();
                headLength = 0;
                return true;
            }
        }
        return false;
    }

    private void parseHead() throws IOException {
        if (headLength < 12 || head[0] != 'H' || head[8] != ' ') throw new IOException("an answer does not begin with HTTP/1.1");
        status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0';
        bodyLeft = 0;
        for (int at = 0; at < headLength; at = nextLine(at)) {
            if (startsWith(at, "content-length:")) bodyLeft = number(at + "content-length:".length());
            if (startsWith(at, "transfer-encoding:")) throw new IOException("chunked answers are not measured");
        }
    }

    private int nextLine(int at) {
        int i = at;
        while (head[i] != '\n') i++;
        return i + 1;
    }

    private boolean startsWith(int at, String lowerCase) {
        if (headLength - at < lowerCase.length()) return false;
        for (int i = 0; i < lowerCase.length(); i++) {
            if (Character.toLowerCase(head[at + i]) != lowerCase.charAt(i)) return false;
        }
        return true;
    }

    private long number(int at) {
        int i = at;
        while (head[i] == ' ') i++;
        long value = 0;
        for (; head[i] >= '0' && head[i] <= '9'; i++) value = value * 10 + head[i] - '0';
        return value;
    }
}
