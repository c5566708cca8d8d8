package dev.kelpfs.client;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A file to be stored. Its content can be opened again, so that an upload may be repeated.
 *
 * @param name stored with the file and given back on reads; empty for none
 * @param mime content type; empty lets the server tell by the name
 */
public record NewFile(Supplier<BodyPublisher> content, String name, String mime) {
    /** Content from memory; the array must not change until the upload has ended. */
    public static NewFile of(byte[] content) {
        return new NewFile(() -> BodyPublishers.ofByteArray(content), "", "");
    }

    /**
     * Content and name of a file.
     *
     * @throws KelpException if there is no such file
     */
    public static NewFile of(Path file) throws KelpException {
        BodyPublisher content = open(file);
        return new NewFile(() -> content, String.valueOf(file.getFileName()), "");
    }

    public NewFile named(String newName) {
        return new NewFile(content, newName, mime);
    }

    public NewFile ofType(String newMime) {
        return new NewFile(content, name, newMime);
    }

    private static BodyPublisher open(Path file) throws KelpException {
        try {
            return BodyPublishers.ofFile(file);
        } catch (FileNotFoundException missing) {
            throw new KelpException("there is no file " + file, missing);
        }
    }
}
