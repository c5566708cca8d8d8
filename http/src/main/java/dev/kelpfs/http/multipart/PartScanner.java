package dev.kelpfs.http.multipart;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds parts in a window over a multipart body: {@link #nextPart}, then {@link #available} until it gives 0, the caller
 * taking bytes from the window in between. For one thread.
 */
final class PartScanner {
    /** Brings more of the body. */
    interface Refill {
        /** Appends to the window behind its limit after dropping what is consumed. @return false at the end of the body */
        boolean more(ByteBuffer window) throws IOException;
    }

    private enum State { PREAMBLE, DATA, AFTER_DELIMITER, END }

    private final Delimiter delimiter;
    private final MultipartLimits limits;
    private final ByteBuffer window;
    private final Refill refill;
    private State state = State.PREAMBLE;
    private int parts;
    /** At the beginning of a part or of the body, where a delimiter needs no line end of its own. */
    private boolean atStart = true;
    /** Up to here the window is known to be data; an index into the window. */
    private int safeUntil;

    PartScanner(Boundary boundary, MultipartLimits limits, ByteBuffer window, Refill refill) {
        this.delimiter = new Delimiter(boundary);
        this.limits = limits;
        this.window = window;
        this.refill = refill;
        this.safeUntil = window.position();
    }

    ByteBuffer window() {
        return window;
    }

    /** Goes to the next part, past what is left of the current one; empty after the last. */
    Optional<PartHeaders> nextPart() throws IOException {
        if (state == State.PREAMBLE || state == State.DATA) {
            for (int bytes = available(); bytes > 0; bytes = available()) window.position(window.position() + bytes);
        }
        if (state == State.END) return Optional.empty();
        if (endsHere()) {
            state = State.END;
            return Optional.empty();
        }
        if (++parts > limits.maxParts()) throw new MultipartException("more than " + limits.maxParts() + " parts");
        PartHeaders headers = headers();
        state = State.DATA;
        atStart = true;
        safeUntil = window.position();
        return Optional.of(headers);
    }

    /**
     * How many bytes of data of the current part the window holds from its position on; 0 at the end of the part.
     *
     * @throws MultipartException if the body ends within the part
     */
    int available() throws IOException {
        while (state == State.PREAMBLE || state == State.DATA) {
            int at = window.position();
            if (at < safeUntil) return safeUntil - at;
            if (atStart && delimiter.mayStandAtStart(window, at, window.limit())) {
                if (window.limit() - at <= delimiter.lengthAtStart()) {
                    fill();
                    continue;
                }
                atStart = false;
                if (endsBoundary(window.get(at + delimiter.lengthAtStart()))) {
                    passDelimiter(at + delimiter.lengthAtStart());
                    return 0;
                }
            }
            atStart = false;
            findDelimiter(at);
        }
        return 0;
    }

    private void findDelimiter(int at) throws IOException {
        int hit = delimiter.find(window, at, window.limit());
        if (hit < 0) {
            safeUntil = delimiter.possibleStart(window, at, window.limit());
            if (safeUntil == at) fill();
            return;
        }
        int behind = hit + delimiter.length();
        if (behind == window.limit()) {
            // Whether the boundary ends here is for the next byte to say.
            safeUntil = hit;
            if (hit == at) fill();
        } else if (!endsBoundary(window.get(behind))) {
            safeUntil = behind;
        } else if (hit == at) {
            passDelimiter(behind);
        } else {
            safeUntil = hit;
        }
    }

    private void passDelimiter(int behind) {
        window.position(behind);
        state = State.AFTER_DELIMITER;
    }

    private static boolean endsBoundary(byte next) {
        return next == '\r' || next == '\n' || next == ' ' || next == '\t' || next == '-';
    }

    /** Reads the rest of a delimiter's line. @return whether it was the last one */
    private boolean endsHere() throws IOException {
        byte first = next();
        if (first == '-' && next() == '-') return true;
        while (first == ' ' || first == '\t') first = next();
        if (first == '\r') first = next();
        if (first != '\n') throw new MultipartException("a multipart boundary must be followed by a line end or by --");
        return false;
    }

    private PartHeaders headers() throws IOException {
        Map<String, String> fields = new HashMap<>();
        int left = limits.maxHeaderBytes();
        String name = "";
        while (true) {
            String line = line(left);
            if (line.isEmpty()) return new PartHeaders(fields);
            left -= line.length() + 1;
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                String folded = fields.get(name);
                if (folded != null) fields.put(name, folded + " " + line.strip());
                continue;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) throw new MultipartException("a header of a part has no colon: \"" + line + "\"");
            name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            fields.putIfAbsent(name, line.substring(colon + 1).strip());
        }
    }

    /** One line without its end; chars are bytes. */
    private String line(int maxBytes) throws IOException {
        int length = 0;
        while (true) {
            int at = window.position() + length;
            if (length > maxBytes) {
                throw new MultipartException("the headers of a part are longer than " + limits.maxHeaderBytes() + " bytes");
            }
            if (at == window.limit()) {
                fill();
            } else if (window.get(at) == '\n') {
                byte[] bytes = new byte[length];
                window.get(bytes);
                window.get();
                int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
                return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
            } else {
                length++;
            }
        }
    }

    private byte next() throws IOException {
        while (!window.hasRemaining()) fill();
        return window.get();
    }

    private void fill() throws IOException {
        int before = window.position();
        boolean more = refill.more(window);
        safeUntil -= before - window.position();
        if (!more) {
            throw new MultipartException(state == State.PREAMBLE
                    ? "the body has no part: its multipart boundary does not occur"
                    : "the body ends within a part (unexpected EOF)");
        }
    }
}
