package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.media.TypesByExtension;
import dev.kelpfs.http.multipart.Boundary;
import dev.kelpfs.http.multipart.MultipartLimits;
import dev.kelpfs.http.multipart.MultipartParts;
import dev.kelpfs.http.multipart.MultipartReader;
import dev.kelpfs.http.multipart.PartHeaders;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * From the body of a request to the file in it. Of a form the first part is the file; if it has no file name, the first
 * later part that has one.
 *
 * <p>Source: volume server, section 3.10.
 */
final class UploadParser {
    private static final MultipartLimits LIMITS = MultipartLimits.defaults();

    private UploadParser() {}

    /** A body that is in memory; what comes back points into it. */
    static Upload inMemory(Request request, UploadQuery query, BodyForm form, ByteBuf body) throws IOException {
        return switch (form) {
            case BodyForm.Raw _ -> RawUpload.of(request, query, buffers(body));
            case BodyForm.Multipart(var boundary) -> {
                MultipartParts parts = new MultipartParts(body, boundary, LIMITS);
                MultipartParts.Part file = parts.next().orElseThrow(UploadParser::noPart);
                Optional<String> name = file.headers().fileName();
                while (name.isEmpty()) {
                    Optional<MultipartParts.Part> next = parts.next();
                    if (next.isEmpty()) break;
                    name = next.get().headers().fileName();
                    if (name.isPresent()) file = next.get();
                }
                yield part(request, query, file.headers(), name.orElse(""), buffers(file.data()));
            }
        };
    }

    /** A body that comes as a stream; what comes back points into the buffers. */
    static Upload streamed(Request request, UploadQuery query, BodyForm form, BodyBuffers into)
            throws IOException, InterruptedException, BodyBuffers.BusyException {
        return switch (form) {
            case BodyForm.Raw _ -> {
                into.readAll(request.body());
                yield RawUpload.of(request, query, into.data());
            }
            case BodyForm.Multipart(var boundary) -> multipart(request, query, boundary, into);
        };
    }

    private static Upload multipart(Request request, UploadQuery query, Boundary boundary, BodyBuffers into)
            throws IOException, InterruptedException, BodyBuffers.BusyException {
        MultipartReader parts = new MultipartReader(request.body(), boundary, LIMITS);
        PartHeaders file = parts.nextPart().orElseThrow(UploadParser::noPart);
        into.readAll(parts);
        Optional<String> name = file.fileName();
        while (name.isEmpty()) {
            Optional<PartHeaders> next = parts.nextPart();
            if (next.isEmpty()) break;
            name = next.get().fileName();
            if (name.isEmpty()) continue;
            file = next.get();
            into.clear();
            into.readAll(parts);
        }
        return part(request, query, file, name.orElse(""), into.data());
    }

    private static Upload part(
            Request request, UploadQuery query, PartHeaders headers, String name, List<ByteBuffer> data) {
        String mime = "";
        if (query.replicate()) {
            // Just what the other server has stored.
            mime = headers.contentType().map(HeaderText::fromWire).orElse("");
        } else if (!query.manifest()) {
            String guess = TypesByExtension.ofName(name).orElse("");
            mime = UploadRules.multipartMime(headers.contentType().map(HeaderText::fromWire).orElse(""), guess);
        }
        String md5 = request.header("Content-MD5").filter(text -> !text.isEmpty()).or(headers::contentMd5).orElse("");
        return new Upload(data, name, mime, headers.contentEncoding().orElse("").equals("gzip"), md5);
    }

    private static HttpException noPart() {
        return new HttpException(400, "the multipart body has no part; expected one with the file");
    }

    private static List<ByteBuffer> buffers(ByteBuf data) {
        return data.isReadable() ? List.of(data.nioBuffer()) : List.of();
    }
}
