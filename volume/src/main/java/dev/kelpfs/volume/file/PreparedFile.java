package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.media.ContentSniffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * An upload made ready to be stored: checked against the sum that the client named, and compressed if that pays.
 *
 * <p>Source: volume server, section 3.10.
 *
 * @param data the bytes to store
 * @param compressed whether they are gzip
 * @param plainBytes length of the file that clients see
 * @param md5 base64 of the MD5 that was asked for and found; empty if none was asked for
 */
record PreparedFile(List<ByteBuffer> data, boolean compressed, long plainBytes, String md5) {
    private static final int COPY_BYTES = 16 << 10;

    /**
     * For a small upload that can be stored as it came: done in microseconds, so that an event loop may do it.
     *
     * @return empty if {@link #of} has to inflate, to compress or to turn a picture
     * @throws HttpException 400 if the sum is not the one that the client named
     */
    static Optional<PreparedFile> quickly(Upload upload, boolean replicate, Pictures pictures) {
        if (replicate && upload.expectedMd5().isEmpty()) return Optional.of(copied(upload));
        boolean slow = upload.compressed() || !replicate && mayShrink(upload) || pictures.mayTurn(upload);
        return slow ? Optional.empty() : Optional.of(asItCame(upload));
    }

    /** @throws HttpException 400 if the sum is not the one that the client named */
    static PreparedFile of(Upload upload, boolean replicate, Pictures pictures) throws InterruptedException {
        if (replicate && upload.expectedMd5().isEmpty()) return copied(upload);
        if (upload.compressed()) return compressedByClient(upload);
        PreparedFile plain = asItCame(upload);
        // Length and sum are those of what came.
        if (pictures.mayTurn(upload)) return new PreparedFile(pictures.upright(upload), false, plain.plainBytes, plain.md5);
        if (replicate || !mayShrink(upload)) return plain;
        return Gzip.compress(upload.data())
                .map(packed -> new PreparedFile(packed, true, plain.plainBytes, plain.md5))
                .orElse(plain);
    }

    /** What another server has stored: nobody asks for the length of the plain data, so it is not inflated. */
    private static PreparedFile copied(Upload upload) {
        return new PreparedFile(upload.data(), upload.compressed(), upload.bytes(), "");
    }

    private static PreparedFile asItCame(Upload upload) {
        String md5 = checked(upload, upload.expectedMd5().isEmpty() ? new byte[0] : md5(upload.data()));
        return new PreparedFile(upload.data(), false, upload.bytes(), md5);
    }

    private static boolean mayShrink(Upload upload) {
        String type = upload.mime().isEmpty() ? ContentSniffer.sniff(upload.start(ContentSniffer.BYTES)) : upload.mime();
        return UploadRules.isCompressible(type);
    }

    /** The sum and the length are those of the plain data; what cannot be inflated counts as it is. */
    private static PreparedFile compressedByClient(Upload upload) {
        MessageDigest digest = newMd5();
        long plainBytes = 0;
        byte[] copy = new byte[COPY_BYTES];
        try (InputStream plain = new GZIPInputStream(upload.stream(), COPY_BYTES)) {
            for (int got = plain.read(copy); got >= 0; got = plain.read(copy)) {
                digest.update(copy, 0, got);
                plainBytes += got;
                if (plainBytes > Gzip.MAX_PLAIN_BYTES) {
                    throw new HttpException(400, "the gzip data inflates to more than " + Gzip.MAX_PLAIN_BYTES
                            + " bytes, which is not taken as one file; split it");
                }
                // Others on this carrier get their turn.
                Thread.yield();
            }
        } catch (IOException notGzip) {
            String md5 = checked(upload, upload.expectedMd5().isEmpty() ? new byte[0] : md5(upload.data()));
            return new PreparedFile(upload.data(), true, upload.bytes(), md5);
        }
        return new PreparedFile(upload.data(), true, plainBytes, checked(upload, digest.digest()));
    }

    private static String checked(Upload upload, byte[] md5) {
        if (upload.expectedMd5().isEmpty()) return "";
        String found = Base64.getEncoder().encodeToString(md5);
        if (!found.equals(upload.expectedMd5())) {
            throw new HttpException(
                    400, "Content-MD5 is " + upload.expectedMd5() + ", but the data that came has " + found + "; send it again");
        }
        return found;
    }

    private static byte[] md5(List<ByteBuffer> data) {
        MessageDigest digest = newMd5();
        for (ByteBuffer part : data) digest.update(part.duplicate());
        return digest.digest();
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java runtime has no MD5", missing);
        }
    }
}
