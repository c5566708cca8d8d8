package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpException;
import dev.kelpfs.volume.picture.PictureFormat;
import dev.kelpfs.volume.picture.PictureOutcome;
import dev.kelpfs.volume.picture.PictureRequest;
import dev.kelpfs.volume.picture.PictureWorks;
import java.io.IOException;
import java.util.List;
import java.nio.ByteBuffer;

/**
 * Pictures of answers and uploads, as far as they are files: fetches their bytes and says what cannot be done.
 *
 * @param turnUploads whether uploads that lie are made upright
 */
record Pictures(PictureWorks works, boolean turnUploads) {
    private static final int UNPROCESSABLE = 422;

    /**
     * Changes a picture as a client asks for.
     *
     * @param content taken over: closed, or given back if there is nothing to change
     * @throws HttpException 422 if that is too much work, 503 if too much other work is under way
     */
    FileContent changed(FileContent content, PictureFormat format, PictureRequest request)
            throws IOException, InterruptedException {
        boolean kept = false;
        try {
            long bytes = content.bytes();
            if (bytes > works.maxFileBytes()) {
                throw new HttpException(UNPROCESSABLE, "the picture has " + bytes + " bytes, and at most " + works.maxFileBytes()
                        + " are worked on; ask for it as it is, without a size and a cut");
            }
            CollectingSink file = new CollectingSink((int) bytes);
            content.writeTo(file, 0, bytes);
            return switch (works.change(file.bytes(), format, request)) {
                case PictureOutcome.Changed(byte[] made) -> new MadeFile(made);
                case PictureOutcome.Unchanged _ -> {
                    kept = true;
                    yield content;
                }
                case PictureOutcome.TooLarge(String reason) -> throw new HttpException(UNPROCESSABLE, reason);
                case PictureOutcome.Busy _ -> throw new HttpException(503, "too many pictures are worked on; try again in a moment");
            };
        } finally {
            if (!kept) content.close();
        }
    }

    /** Whether an upload is one that may have to be turned. */
    boolean mayTurn(Upload upload) {
        return turnUploads && !upload.compressed()
                && (upload.mime().equals("image/jpeg")
                        || PictureFormat.ofExtension(extension(upload.name())).filter(PictureFormat.JPEG::equals).isPresent());
    }

    /** The upload with its picture upright; as it came if it is upright, no picture, or too large to be turned. */
    List<ByteBuffer> upright(Upload upload) throws InterruptedException {
        if (upload.bytes() > works.maxFileBytes()) return upload.data();
        return switch (works.upright(upload.start((int) upload.bytes()))) {
            case PictureOutcome.Changed(byte[] made) -> List.of(ByteBuffer.wrap(made));
            case PictureOutcome.Unchanged _, PictureOutcome.TooLarge _ -> upload.data();
            case PictureOutcome.Busy _ -> throw new HttpException(503, "too many pictures are worked on; try again in a moment");
        };
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot);
    }
}
