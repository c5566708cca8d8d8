package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.media.MalformedMediaTypeException;
import dev.kelpfs.http.media.MediaType;
import dev.kelpfs.http.multipart.Boundary;
import dev.kelpfs.http.multipart.MultipartException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;

/**
 * How the body of an upload is to be read.
 *
 * <p>Source: volume server, section 3.10, <em>which parser</em>. A body that calls itself a url-encoded form is a file like any
 * other: {@code curl --data-binary @file} and {@code wget --body-file} send files so when they are told no type. (The reference
 * looks for fields in it, stores nothing, and answers 201.)
 */
sealed interface BodyForm {
    /** Parts of a form, one of which is the file. */
    record Multipart(Boundary boundary) implements BodyForm {}

    /** The body is the file. */
    record Raw() implements BodyForm {}

    /**
     * Decides by method and type.
     *
     * @throws MultipartException if a form is announced and has no usable boundary
     * @throws HttpException 400 if the type is malformed
     */
    static BodyForm of(Request request) throws MultipartException {
        String contentType = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
        boolean post = HttpMethod.POST.equals(request.method());
        if (contentType == null || contentType.isEmpty()) {
            if (!post) return new Raw();
            throw new HttpException(400, "a POST needs a Content-Type: multipart/form-data with a boundary, or that of the raw"
                    + " file in its body; a PUT may go without");
        }
        if (isBare(contentType)) return new Raw();
        if (post && contentType.contains("form-data")) return new Multipart(Boundary.ofContentType(contentType));
        try {
            MediaType.parse(contentType);
            return new Raw();
        } catch (MalformedMediaTypeException malformed) {
            throw new HttpException(400, "malformed Content-Type: " + malformed.getMessage());
        }
    }

    /** True for two words with a slash between them: a type without parameters, as nearly all uploads have. */
    private static boolean isBare(String contentType) {
        int slash = -1;
        for (int i = 0; i < contentType.length(); i++) {
            char c = contentType.charAt(i);
            boolean word = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || c == '-' || c == '.' || c == '+';
            if (c == '/' && slash < 0) slash = i;
            else if (!word) return false;
        }
        return slash > 0 && slash < contentType.length() - 1 && !contentType.contains("form-data");
    }
}
