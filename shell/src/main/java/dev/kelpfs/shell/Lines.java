package dev.kelpfs.shell;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Where the lines of a shell come from. */
interface Lines extends Closeable {
    /** The next line; empty at the end. */
    Optional<String> next() throws IOException;
}
