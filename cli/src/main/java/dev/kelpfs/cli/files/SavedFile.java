package dev.kelpfs.cli.files;

import dev.kelpfs.client.FileContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A fetched file on this machine: it has its name only when it is whole. */
final class SavedFile {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LONGEST_NAME_CHARS = 200;

    private SavedFile() {}

    /** The last part of a name, as far as it is good for a file here: a stored name may be anything. */
    static Optional<String> safeName(String stored) {
        String base = stored.substring(Math.max(stored.lastIndexOf('/'), stored.lastIndexOf('\\')) + 1);
        boolean bad = base.isBlank() || base.equals(".") || base.equals("..") || base.length() > LONGEST_NAME_CHARS
                || base.chars().anyMatch(Character::isISOControl);
        return bad ? Optional.empty() : Optional.of(base);
    }

    /** @param progress told how many bytes have come */
    static void write(FileContent content, Path target, LongConsumer progress) throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        Path partial = Files.createTempFile(directory, ".kelp-", ".part");
        try {
            long bytes = copy(content.body(), partial, progress);
            if (content.bytes().isPresent() && content.bytes().getAsLong() != bytes) {
                throw new IOException("expected " + content.bytes().getAsLong() + " bytes, got " + bytes);
            }
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            if (content.info().modified().isPresent()) {
                Files.setLastModifiedTime(partial, FileTime.from(content.info().modified().get()));
            }
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static long copy(InputStream in, Path to, LongConsumer progress) throws IOException {
        long bytes = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                bytes += count;
                progress.accept(bytes);
            }
        }
        return bytes;
    }
}
