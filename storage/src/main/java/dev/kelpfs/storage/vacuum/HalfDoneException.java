package dev.kelpfs.storage.vacuum;

import java.io.IOException;

/** The disk failed between the old state of a volume's files and the new one. What is on it must stay for the next start. */
final class HalfDoneException extends IOException {
    private static final long serialVersionUID = 1L;

    HalfDoneException(String message, IOException cause) {
        super(message, cause);
    }
}
