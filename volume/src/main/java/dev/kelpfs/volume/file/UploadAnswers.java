package dev.kelpfs.volume.file;

import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.storage.needle.NeedleChecksum;
import io.netty.util.AsciiString;

/**
 * Answers to uploads.
 *
 * <p>Source: volume server, sections 3.10 and 3.11.
 */
final class UploadAnswers {
    private static final AsciiString ETAG = AsciiString.cached("ETag");
    private static final AsciiString CONTENT_MD5 = AsciiString.cached("Content-MD5");

    private UploadAnswers() {}

    /** 201 with what was stored. */
    static Reply stored(Request request, Upload upload, PreparedFile file, int checksum) {
        String tag = NeedleChecksum.etag(checksum);
        String json = new FlatJson(isPretty(request))
                .text("name", upload.name())
                .number("size", file.plainBytes())
                .text("eTag", tag)
                .text("mime", upload.mime())
                .text("contentMd5", file.md5())
                .toString();
        return tagged(Reply.json(201, json), tag, file);
    }

    /** 204: the same data is there already. */
    static Reply unchanged(PreparedFile file, int checksum) {
        return tagged(Reply.of(204), NeedleChecksum.etag(checksum), file);
    }

    /** 503: too many writes wait for the disk. */
    static Reply busy(Request request) {
        String json = new FlatJson(isPretty(request)).text("error", "too many writes wait for this disk; try again").toString();
        return Reply.json(503, json).header("Retry-After", "1");
    }

    /** Whether the client wants JSON for people. */
    static boolean isPretty(Request request) {
        return !request.rawQuery().isEmpty() && !request.query().first("pretty").orElse("").isEmpty();
    }

    private static Reply tagged(Reply reply, String tag, PreparedFile file) {
        return reply.header(ETAG, "\"" + tag + "\"").header(CONTENT_MD5, file.md5());
    }
}
