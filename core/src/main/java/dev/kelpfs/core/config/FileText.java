package dev.kelpfs.core.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** How the text of a file is got; passed in, so that this room opens none itself. */
@FunctionalInterface
public interface FileText {
    /**
     * @return the whole text, decoded as UTF-8, or empty if there is no such file
     * @throws IOException if it is there but cannot be read
     */
    Optional<String> read(Path file) throws IOException;
}
