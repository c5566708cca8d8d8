package dev.kelpfs.master.web;

import dev.kelpfs.http.BodyReader;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.multipart.Boundary;
import dev.kelpfs.http.multipart.MultipartLimits;
import dev.kelpfs.http.multipart.MultipartReader;
import dev.kelpfs.http.multipart.PartHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The file in the body of an upload: of a form the first part that has a file name, or the first part if none has; else
 * the body itself.
 *
 * @param name last component of the name that the client gave
 * @param mime as it came, one char a byte; empty if none came
 * @param gzipped the content came compressed
 * @param md5 expected MD5 of the content as it came; empty if none is
 * @param content read at most once
 */
record SubmittedFile(String name, String mime, boolean gzipped, String md5, BodyReader content) {
    private static final String FORM_FIELDS = "application/x-www-form-urlencoded";
    private static final String NAMELESS = "submit";
    /** A part without a file name is kept while the parts after it are looked at; this much of it. */
    private static final int MAX_NAMELESS_BYTES = 1 << 20;
    private static final int PIECE_BYTES = 16 << 10;

    /**
     * @throws IOException if the body is malformed or cut short
     * @throws HttpException 400 if it cannot hold a file
     */
    static SubmittedFile of(Request request) throws IOException {
        String type = request.header(HttpHeaderNames.CONTENT_TYPE).orElse("");
        if (type.isEmpty()) throw new HttpException(400, "request Content-Type isn't multipart/form-data");
        if (type.contains("form-data")) return ofForm(request, Boundary.ofContentType(type));
        if (type.startsWith(FORM_FIELDS)) {
            throw new HttpException(400, "a body of type " + FORM_FIELDS
                    + " holds no file; send it as multipart/form-data (curl -F file=@name) or with the Content-Type of the file");
        }
        PartHeaders headers = new PartHeaders(request.header(HttpHeaderNames.CONTENT_DISPOSITION)
                .map(text -> Map.of("content-disposition", text)).orElse(Map.of()));
        boolean gzipped = request.header(HttpHeaderNames.CONTENT_ENCODING).filter("gzip"::equals).isPresent();
        return new SubmittedFile(headers.fileName().orElse(NAMELESS), type, gzipped, md5(request, headers), request.body());
    }

    private static SubmittedFile ofForm(Request request, Boundary boundary) throws IOException {
        MultipartReader parts = new MultipartReader(request.body(), boundary, MultipartLimits.defaults());
        PartHeaders first = parts.nextPart()
                .orElseThrow(() -> new HttpException(400, "the multipart body has no part; expected one with the file"));
        if (first.fileName().isPresent()) return ofPart(request, first, parts);
        byte[] nameless = readNameless(parts);
        for (Optional<PartHeaders> next = parts.nextPart(); next.isPresent(); next = parts.nextPart()) {
            if (next.get().fileName().isPresent()) return ofPart(request, next.get(), parts);
        }
        ByteBuffer left = ByteBuffer.wrap(nameless);
        return ofPart(request, first, target -> take(left, target));
    }

    private static SubmittedFile ofPart(Request request, PartHeaders headers, BodyReader content) {
        boolean gzipped = headers.contentEncoding().filter("gzip"::equals).isPresent();
        return new SubmittedFile(
                headers.fileName().orElse(""), headers.contentType().orElse(""), gzipped, md5(request, headers), content);
    }

    private static byte[] readNameless(BodyReader part) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        while (part.read(piece) != BodyReader.END) {
            bytes.write(piece.array(), 0, piece.position());
            piece.clear();
            if (bytes.size() > MAX_NAMELESS_BYTES) {
                throw new HttpException(400, "the first part of the form has no file name and more than " + MAX_NAMELESS_BYTES
                        + " bytes; give the file a name (filename=\"...\" in its Content-Disposition)");
            }
        }
        return bytes.toByteArray();
    }

    private static int take(ByteBuffer from, ByteBuffer into) {
        if (!into.hasRemaining()) return 0;
        int bytes = Math.min(from.remaining(), into.remaining());
        if (bytes == 0) return BodyReader.END;
        into.put(from.slice(from.position(), bytes));
        from.position(from.position() + bytes);
        return bytes;
    }

    private static String md5(Request request, PartHeaders headers) {
        return request.header("Content-MD5").filter(text -> !text.isEmpty()).or(headers::contentMd5).orElse("");
    }
}
