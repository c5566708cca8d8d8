package dev.kelpfs.storage.volume;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleChecksum;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What lies under a key that is about to be overwritten or deleted. Used by whoever holds the append right. Questions
 * that only memory may answer are asked with {@code mayBlock} false and can end in {@link Answer#WOULD_BLOCK}.
 */
final class PriorRecord {
    private static final int PIECE_BYTES = 64 * 1024;

    enum Answer { YES, NO, WOULD_BLOCK }

    private final ByteBuffer scratch = ByteBuffer.allocateDirect(NeedleHeader.BYTES + Integer.BYTES);

    // The record that was loaded last.
    private Generation generation;
    private long offset;
    private int bodyBytes;
    private Cookie cookie = new Cookie(0);
    private int dataBytes;
    private int checksum;

    PriorRecord(Generation generation) {
        this.generation = generation;
    }

    /**
     * Loads the record of an entry, live or deleted.
     *
     * @return false if it would block
     * @throws DamagedRecordException if something else lies there
     */
    boolean load(Generation from, long keyBits, long entry, boolean mayBlock) throws IOException {
        generation = from;
        offset = IndexEntry.offset(entry);
        int body = IndexEntry.bodyBytes(entry);
        bodyBytes = body == IndexEntry.DELETED_BODY_BYTES ? 0 : Math.abs(body);
        int wanted = NeedleHeader.BYTES + (bodyBytes == 0 ? 0 : Integer.BYTES);
        if (!fill(scratch.clear().limit(wanted), offset, mayBlock)) return false;
        NeedleHeader header = NeedleHeader.decode(scratch, 0);
        // In version 1 a deleted needle of one byte looks like a deleted empty one.
        if (body == IndexEntry.DELETED_BODY_BYTES && header.bodyBytes() == 1) bodyBytes = 1;
        if (header.key().bits() != keyBits || header.bodyBytes() != bodyBytes) {
            throw new DamagedRecordException(generation.datPath, offset, "found key " + header.key() + " with "
                    + header.bodyBytes() + " bytes, expected key " + Long.toHexString(keyBits) + " with " + bodyBytes);
        }
        cookie = header.cookie();
        int head = RecordReader.headBytes(generation.version);
        dataBytes = head == NeedleHeader.BYTES || bodyBytes == 0 ? bodyBytes : scratch.getInt(NeedleHeader.BYTES);
        if (!fill(scratch.clear().limit(Integer.BYTES), offset + NeedleHeader.BYTES + bodyBytes, mayBlock)) return false;
        checksum = scratch.getInt(0);
        return true;
    }

    Cookie cookie() {
        return cookie;
    }

    /** The checksum as stored, in either form. */
    int checksum() {
        return checksum;
    }

    /** The draft's data, byte for byte, under its cookie; of an exact draft its metadata too? Meant for records with data. */
    Answer holds(NeedleDraft draft, boolean mayBlock) throws IOException {
        if (!cookie.equals(draft.cookie()) || dataBytes != draft.dataBytes()) return Answer.NO;
        if (!NeedleChecksum.matches(checksum, draft.checksum())) return Answer.NO;
        ByteBuffer piece = ByteBuffer.allocateDirect(Math.min(dataBytes, PIECE_BYTES));
        long at = offset + RecordReader.headBytes(generation.version);
        for (ByteBuffer source : draft.data()) {
            for (int from = source.position(); from < source.limit(); from += piece.limit()) {
                piece.clear().limit(Math.min(piece.capacity(), source.limit() - from));
                if (!fill(piece, at, mayBlock)) return Answer.WOULD_BLOCK;
                if (!piece.flip().equals(source.slice(from, piece.limit()))) return Answer.NO;
                at += piece.limit();
            }
        }
        return draft.isExact() ? holdsMetadata(draft, at, mayBlock) : Answer.YES;
    }

    private Answer holdsMetadata(NeedleDraft draft, long from, boolean mayBlock) throws IOException {
        if (bodyBytes != draft.bodyBytes(generation.version)) return Answer.NO;
        ByteBuffer stored = ByteBuffer.allocateDirect((int) (offset + NeedleHeader.BYTES + bodyBytes - from));
        if (!fill(stored, from, mayBlock)) return Answer.WOULD_BLOCK;
        // Version 1 has no metadata, and so nothing that could differ.
        return !stored.flip().hasRemaining() || stored.equals(draft.metadata()) ? Answer.YES : Answer.NO;
    }

    private boolean fill(ByteBuffer target, long from, boolean mayBlock) throws IOException {
        if (mayBlock) {
            RecordReader.readFully(generation.dat, generation.datPath, target, from, offset);
            return true;
        }
        int got = generation.dat.readNow(target, from);
        return got != DiskFile.WOULD_BLOCK && !target.hasRemaining();
    }
}
