package dev.kelpfs.http.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Guesses a media type from the first bytes of a body by the rules of the WHATWG, in the selection that the reference
 * uses. Never fails: what nothing fits is text or {@code application/octet-stream}.
 *
 * <p>Source: volume server, section 3.4, step 14; MIME Sniffing Standard, sections 6 and 7.
 */
public final class ContentSniffer {
    /** More bytes than this play no role. */
    public static final int BYTES = 512;

    private static final String OCTETS = "application/octet-stream";
    private static final String PLAIN = "text/plain; charset=utf-8";

    /** In the order in which they are tried. */
    private static final List<Signature> SIGNATURES = List.of(
            html("<!DOCTYPE HTML"), html("<HTML"), html("<HEAD"), html("<SCRIPT"), html("<IFRAME"), html("<H1"), html("<DIV"),
            html("<FONT"), html("<TABLE"), html("<A"), html("<STYLE"), html("<TITLE"), html("<B"), html("<BODY"), html("<BR"),
            html("<P"), html("<!--"),
            new Masked("FF FF FF FF FF", "3C 3F 78 6D 6C", true, "text/xml; charset=utf-8"),
            exact("25 50 44 46 2D", "application/pdf"),
            exact("25 21 50 53 2D 41 64 6F 62 65 2D", "application/postscript"),
            new Masked("FF FF 00 00", "FE FF 00 00", false, "text/plain; charset=utf-16be"),
            new Masked("FF FF 00 00", "FF FE 00 00", false, "text/plain; charset=utf-16le"),
            new Masked("FF FF FF 00", "EF BB BF 00", false, PLAIN),
            exact("00 00 01 00", "image/x-icon"),
            exact("00 00 02 00", "image/x-icon"),
            exact("42 4D", "image/bmp"),
            exact("47 49 46 38 37 61", "image/gif"),
            exact("47 49 46 38 39 61", "image/gif"),
            new Masked("FF FF FF FF 00 00 00 00 FF FF FF FF FF FF", "52 49 46 46 00 00 00 00 57 45 42 50 56 50", false,
                    "image/webp"),
            exact("89 50 4E 47 0D 0A 1A 0A", "image/png"),
            exact("FF D8 FF", "image/jpeg"),
            new Masked("FF FF FF FF 00 00 00 00 FF FF FF FF", "46 4F 52 4D 00 00 00 00 41 49 46 46", false, "audio/aiff"),
            exact("49 44 33", "audio/mpeg"),
            exact("4F 67 67 53 00", "application/ogg"),
            exact("4D 54 68 64 00 00 00 06", "audio/midi"),
            new Masked("FF FF FF FF 00 00 00 00 FF FF FF FF", "52 49 46 46 00 00 00 00 41 56 49 20", false, "video/avi"),
            new Masked("FF FF FF FF 00 00 00 00 FF FF FF FF", "52 49 46 46 00 00 00 00 57 41 56 45", false, "audio/wave"),
            new Mp4(),
            exact("1A 45 DF A3", "video/webm"),
            // 34 bytes of anything, then LP.
            new Masked("00 ".repeat(34) + "FF FF", "00 ".repeat(34) + "4C 50", false, "application/vnd.ms-fontobject"),
            exact("00 01 00 00", "font/ttf"),
            exact("4F 54 54 4F", "font/otf"),
            exact("74 74 63 66", "font/collection"),
            exact("77 4F 46 46", "font/woff"),
            exact("77 4F 46 32", "font/woff2"),
            exact("1F 8B 08", "application/x-gzip"),
            exact("50 4B 03 04", "application/zip"),
            exact("52 61 72 21 1A 07 00", "application/x-rar-compressed"),
            exact("52 61 72 21 1A 07 01 00", "application/x-rar-compressed"),
            exact("00 61 73 6D", "application/wasm"));

    /**
     * The signatures that a body can have whose first byte is the index; nearly always none or one. Blanks that may stand
     * in front of a tag count as first bytes too.
     */
    private static final Signature[][] BY_FIRST_BYTE = new Signature[256][];

    static {
        for (int first = 0; first < BY_FIRST_BYTE.length; first++) {
            byte b = (byte) first;
            BY_FIRST_BYTE[first] =
                    SIGNATURES.stream().filter(signature -> signature.mayStartWith(b)).toArray(Signature[]::new);
        }
    }

    private ContentSniffer() {}

    /** The type of a body that begins with the remaining bytes of {@code head}, which is left as it is. */
    public static String sniff(ByteBuffer head) {
        byte[] bytes = new byte[Math.min(head.remaining(), BYTES)];
        head.get(head.position(), bytes);
        return sniff(bytes);
    }

    /** The type of a body that begins with these bytes. */
    public static String sniff(byte[] head) {
        int length = Math.min(head.length, BYTES);
        if (length == 0) return PLAIN;
        int start = 0;
        while (start < length && isBlank(head[start])) start++;
        for (Signature signature : BY_FIRST_BYTE[head[0] & 0xff]) {
            if (signature.fits(head, length, start)) return signature.type();
        }
        return isText(head, start, length) ? PLAIN : OCTETS;
    }

    private static boolean isText(byte[] head, int start, int length) {
        for (int i = start; i < length; i++) {
            int b = head[i] & 0xff;
            if (b <= 0x08 || b == 0x0b || b >= 0x0e && b <= 0x1a || b >= 0x1c && b <= 0x1f) return false;
        }
        return true;
    }

    private static boolean isBlank(byte b) {
        return b == '\t' || b == '\n' || b == '\f' || b == '\r' || b == ' ';
    }

    private static Signature exact(String hex, String type) {
        byte[] pattern = bytes(hex);
        return new Masked("FF ".repeat(pattern.length), hex, false, type);
    }

    private static Signature html(String tag) {
        return new HtmlTag(tag.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private sealed interface Signature {
        /** @param start the first byte that is not blank */
        boolean fits(byte[] head, int length, int start);

        /** Whether a body with this first byte can fit at all. */
        boolean mayStartWith(byte first);

        String type();
    }

    /** The bytes under the mask are those of the pattern. */
    private record Masked(byte[] mask, byte[] pattern, boolean skipsBlanks, String type) implements Signature {
        Masked(String mask, String pattern, boolean skipsBlanks, String type) {
            this(bytes(mask), bytes(pattern), skipsBlanks, type);
        }

        @Override
        public boolean mayStartWith(byte first) {
            return (first & mask[0]) == pattern[0] || skipsBlanks && isBlank(first);
        }

        @Override
        public boolean fits(byte[] head, int length, int start) {
            int from = skipsBlanks ? start : 0;
            if (length - from < pattern.length) return false;
            for (int i = 0; i < pattern.length; i++) {
                if ((head[from + i] & mask[i]) != pattern[i]) return false;
            }
            return true;
        }
    }

    /** A tag in any case after blanks, ended by a blank or {@code >}. */
    private record HtmlTag(byte[] tag) implements Signature {
        @Override
        public boolean mayStartWith(byte first) {
            return first == '<' || isBlank(first);
        }

        @Override
        public boolean fits(byte[] head, int length, int start) {
            if (length - start < tag.length + 1) return false;
            for (int i = 0; i < tag.length; i++) {
                int b = head[start + i];
                if (b >= 'a' && b <= 'z') b -= 'a' - 'A';
                if (b != tag[i]) return false;
            }
            byte end = head[start + tag.length];
            return end == ' ' || end == '>';
        }

        @Override
        public String type() {
            return "text/html; charset=utf-8";
        }
    }

    /** A first box {@code ftyp} whose major or compatible brands begin with {@code mp4}. */
    private record Mp4() implements Signature {
        @Override
        public boolean mayStartWith(byte first) {
            // The highest byte of the length of a box that fits into what is looked at.
            return first == 0;
        }

        @Override
        public boolean fits(byte[] head, int length, int start) {
            if (length < 12) return false;
            int box = ByteBuffer.wrap(head).getInt();
            if (box < 0 || length < box || box % 4 != 0) return false;
            if (head[4] != 'f' || head[5] != 't' || head[6] != 'y' || head[7] != 'p') return false;
            for (int at = 8; at + 4 <= box; at += 4) {
                // The four bytes of the version are no brand.
                if (at == 12) continue;
                if (head[at] == 'm' && head[at + 1] == 'p' && head[at + 2] == '4') return true;
            }
            return false;
        }

        @Override
        public String type() {
            return "video/mp4";
        }
    }
}
