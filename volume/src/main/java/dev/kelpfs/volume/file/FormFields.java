package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodyReader;
import dev.kelpfs.http.HttpException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Looks through a url-encoded form while it passes by. Nothing of it is kept, so it may have any number of fields. For one
 * thread.
 *
 * <p>Source: volume server, section 3.10.
 */
final class FormFields {
    /** Longest form that is read. */
    static final int MAX_BYTES = 10 << 20;

    private static final int WINDOW_BYTES = 16 << 10;

    private long bytes;

    /** Hex digits that a {@code %} still needs. */
    private int digitsOwed;

    /** @throws HttpException 400 if the form is malformed or too long */
    static void check(BodyReader body) throws IOException {
        FormFields form = new FormFields();
        ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
        while (body.read(window.clear()) != BodyReader.END) form.pass(window.flip());
        form.end();
    }

    /** The same for a form in memory. */
    static void check(ByteBuffer whole) {
        FormFields form = new FormFields();
        form.pass(whole);
        form.end();
    }

    private void pass(ByteBuffer piece) {
        bytes += piece.remaining();
        if (bytes > MAX_BYTES) {
            throw new HttpException(400, "the url-encoded form has more than " + MAX_BYTES + " bytes; a file is sent as"
                    + " multipart/form-data, or as the body with its own Content-Type");
        }
        while (piece.hasRemaining()) {
            byte b = piece.get();
            if (digitsOwed > 0) {
                if (Character.digit(b, 16) < 0) throw badEscape();
                digitsOwed--;
            } else if (b == '%') {
                digitsOwed = 2;
            } else if (b == ';') {
                throw new HttpException(400, "malformed form: a semicolon between its fields; write & or %3B");
            }
        }
    }

    private void end() {
        if (digitsOwed > 0) throw badEscape();
    }

    private static HttpException badEscape() {
        return new HttpException(400, "malformed form: a % without two hex digits");
    }
}
