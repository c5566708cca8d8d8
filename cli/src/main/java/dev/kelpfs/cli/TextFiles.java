package dev.kelpfs.cli;

import dev.kelpfs.core.config.FileText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Small text files of this machine: options and configuration. */
final class TextFiles implements FileText {
    private static final long MAX_BYTES = 16 << 20;

    @Override
    public Optional<String> read(Path file) throws IOException {
        try {
            if (Files.isDirectory(file)) throw new IOException(file + " is a directory, expected a file");
            if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
                throw new IOException(file + " is larger than " + MAX_BYTES + " bytes, which no settings are");
            }
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
