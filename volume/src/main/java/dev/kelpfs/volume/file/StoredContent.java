package dev.kelpfs.volume.file;

import dev.kelpfs.storage.needle.NeedleMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The data of one record as it is stored. */
interface StoredContent extends FileContent {
    @Override
    byte[] peek(long from, int count) throws IOException;

    /** What the record says about it. */
    NeedleMetadata metadata();

    /** The data as a stream from an offset on, which can be opened several times; valid until this is closed. */
    InputStream open(long from);

    /** Whether the record says that this is gzip, and it is. */
    default boolean isPacked() throws IOException {
        return metadata().isCompressed() && Gzip.hasMagic(ByteBuffer.wrap(peek(0, Gzip.MAGIC_BYTES)));
    }

    /** The plain bytes of data {@link #isPacked}; they take this over, and close it also when they cannot be had. */
    default FileContent inflated() throws IOException {
        return InflatedFile.measure(() -> open(0), this::close);
    }

    /**
     * Makes sure that the data is what was stored, if that was not made sure when it was read.
     *
     * @throws DamagedDataException if it is not
     */
    void verify() throws IOException;
}
