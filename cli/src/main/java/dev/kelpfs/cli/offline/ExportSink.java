package dev.kelpfs.cli.offline;

import java.io.IOException;

/** Where exported files go. */
interface ExportSink {
    /**
     * @throws dev.kelpfs.storage.needle.DamagedRecordException if the file cannot be read; nothing of it was written then
     */
    void take(ExportedFile file) throws IOException;

    /** All files were taken, but for those that could not be read. */
    default void end() throws IOException {}
}
