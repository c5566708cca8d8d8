package dev.kelpfs.storage.vacuum;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.volume.RewrittenIndex;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeRewrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two files that a vacuum writes, and the index of what is in them. Writes are collected in large pieces. Used by
 * one thread at a time.
 */
final class NewFiles {
    private static final Logger LOG = LoggerFactory.getLogger(NewFiles.class);
    private static final int LEAST_DAT_PIECE_BYTES = 64 * 1024;
    private static final int MOST_DAT_PIECE_BYTES = 1 << 20;
    private static final int IDX_PIECE_BYTES = 16 * 1024;

    private final Disk disk;
    private final VolumeFiles files;
    private DiskFile dat;
    private DiskFile idx;
    private final RewrittenIndex index;
    private final ByteBuffer datPiece;
    private final ByteBuffer idxPiece = ByteBuffer.allocateDirect(IDX_PIECE_BYTES);
    private long datWritten;
    private long idxWritten;
    private long datSynced;
    private long recordStart;
    private boolean handedOver;

    private NewFiles(VolumeRewrite rewrite, DiskFile dat, DiskFile idx, long expectedBytes) {
        this.disk = rewrite.disk();
        this.files = rewrite.files();
        this.dat = dat;
        this.idx = idx;
        this.index = rewrite.newIndex();
        this.datPiece = ByteBuffer.allocateDirect(Math.clamp(expectedBytes, LEAST_DAT_PIECE_BYTES, MOST_DAT_PIECE_BYTES));
    }

    /**
     * Creates the files, with the superblock in them.
     *
     * @param expectedBytes length that the data file will have, more or less
     * @param preallocateBytes room that it is to have at least
     * @throws dev.kelpfs.disk.DiskFullException if there is no such room
     */
    static NewFiles create(VolumeRewrite rewrite, long expectedBytes, long preallocateBytes) throws IOException {
        VolumeFiles files = rewrite.files();
        DiskFile dat = rewrite.disk().open(files.compactedDat(), Open.CREATE_NEW);
        try {
            dat.reserve(Math.max(expectedBytes, preallocateBytes));
            DiskFile idx = rewrite.disk().open(files.compactedIdx(), Open.CREATE_NEW);
            NewFiles created = new NewFiles(rewrite, dat, idx, expectedBytes);
            created.write(rewrite.newSuperblock());
            created.recordStart = created.datEnd();
            return created;
        } catch (IOException | RuntimeException failed) {
            dat.close();
            throw failed;
        }
    }

    DiskFile dat() {
        return dat;
    }

    DiskFile idx() {
        return idx;
    }

    RewrittenIndex index() {
        return index;
    }

    /** Where the files end, with what is still collected. */
    VolumeRewrite.Ends ends() {
        return new VolumeRewrite.Ends(datEnd(), idxEnd());
    }

    private long datEnd() {
        return datWritten + datPiece.position();
    }

    private long idxEnd() {
        return idxWritten + idxPiece.position();
    }

    /** Bytes of the data file that the next sync has to carry. */
    long unsyncedBytes() {
        return datEnd() - datSynced;
    }

    /** Goes on with the record that has been begun. */
    void write(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > datPiece.remaining()) flushDat();
        if (bytes.remaining() <= datPiece.remaining()) {
            datPiece.put(bytes);
            return;
        }
        long length = bytes.remaining();
        dat.write(bytes, datWritten);
        datWritten += length;
    }

    /** Ends the record that has been written, which holds a live needle. */
    void endLive(long keyBits, int bodyBytes) throws IOException {
        long entry = IndexEntry.of(recordStart, bodyBytes);
        endRecord(keyBits, entry);
        index.put(keyBits, entry);
    }

    /** Ends the record that has been written, which marks the deletion of a needle that is live here. */
    void endDeletion(long keyBits) throws IOException {
        endRecord(keyBits, IndexEntry.of(recordStart, IndexEntry.DELETED_BODY_BYTES));
        index.delete(keyBits);
    }

    private void endRecord(long keyBits, long entry) throws IOException {
        long end = datEnd();
        if (end % RecordVersion.UNIT_BYTES != 0) throw new IllegalStateException("a record ends at " + end);
        if (recordStart >= IndexEntry.OFFSET_LIMIT_BYTES) {
            throw new IOException(files.compactedDat() + " has reached " + recordStart + " bytes, the most its index can express");
        }
        if (idxPiece.remaining() < IndexRow.BYTES) flushIdx();
        IndexRow.encode(idxPiece, keyBits, entry);
        recordStart = end;
    }

    /** Takes back what was written of the record that has been begun. */
    void dropRecord() throws IOException {
        flushDat();
        if (dat.size() > recordStart) dat.truncate(recordStart);
        datWritten = recordStart;
    }

    void flush() throws IOException {
        flushDat();
        flushIdx();
    }

    private void flushDat() throws IOException {
        int bytes = datPiece.flip().remaining();
        if (bytes > 0) dat.write(datPiece, datWritten);
        datWritten += bytes;
        datPiece.clear();
    }

    private void flushIdx() throws IOException {
        int bytes = idxPiece.flip().remaining();
        if (bytes > 0) idx.write(idxPiece, idxWritten);
        idxWritten += bytes;
        idxPiece.clear();
    }

    /** Makes all that was written durable; the names of the files are another matter. */
    void sync() throws IOException {
        flush();
        dat.sync();
        idx.sync();
        datSynced = datWritten;
    }

    /** True if both files are still there under their names. */
    boolean areThere() {
        return disk.exists(files.compactedDat()) && disk.exists(files.compactedIdx());
    }

    /** Opens the files by the names of the volume, which they have now, so that messages name them rightly. */
    void reopenAsVolume() {
        DiskFile[] before = {dat, idx};
        try {
            DiskFile renamed = disk.open(files.dat(), Open.READ_WRITE);
            try {
                idx = disk.open(files.idx(), Open.READ_WRITE);
                dat = renamed;
            } catch (IOException failed) {
                renamed.close();
                throw failed;
            }
            for (DiskFile file : before) file.close();
        } catch (IOException failed) {
            LOG.warn("{}: messages will name the temporary file of the vacuum: {}", files.dat(), failed.getMessage());
        }
    }

    /** Says that files and index belong to somebody else now. */
    void handOver() {
        handedOver = true;
    }

    /** Closes the files, which stay on the disk, and frees the index, unless they were handed over. */
    void close() throws IOException {
        if (handedOver) return;
        index.close();
        try {
            dat.close();
        } finally {
            idx.close();
        }
    }
}
