package dev.kelpfs.storage.vacuum;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleChecksum;
import dev.kelpfs.storage.needle.NeedleHeader;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.needle.RecordEncoder;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.volume.RecordReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Copies single records from the old data file to the new one. Header and body stay byte for byte, and so does the time;
 * the checksum is verified and written in its plain form, the padding anew. Used by one thread at a time.
 */
final class RecordCopier {
    private final RecordSource source;
    private final NewFiles target;
    private final RecordEncoder encoder;

    RecordCopier(RecordSource source, NewFiles target) {
        this.source = source;
        this.target = target;
        this.encoder = new RecordEncoder(source.version());
    }

    /** Decides by its metadata whether a record is copied. */
    @FunctionalInterface
    interface Choice {
        Choice ALL = _ -> true;

        boolean takes(NeedleMetadata record);
    }

    /**
     * Copies the record of a live needle.
     *
     * @return false if the choice was against it
     * @throws UnreadableRecordException if it is damaged; the new file is as before then
     */
    boolean copy(long keyBits, long entry, Choice choice) throws IOException {
        int bodyBytes = IndexEntry.bodyBytes(entry);
        long offset = IndexEntry.offset(entry);
        try {
            boolean copied = source.isSmall(bodyBytes)
                    ? copySmall(keyBits, offset, bodyBytes, choice)
                    : copyLarge(keyBits, offset, bodyBytes, choice);
            if (copied) target.endLive(keyBits, bodyBytes);
            return copied;
        } catch (DamagedRecordException damage) {
            throw new UnreadableRecordException(keyBits, damage);
        }
    }

    private boolean copySmall(long keyBits, long offset, int bodyBytes, Choice choice) throws IOException {
        ByteBuffer bytes = source.record(offset, bodyBytes);
        NeedleMetadata record =
                NeedleRecord.parse(bytes, source.version(), keyBits, bodyBytes, source.path(), offset).metadata();
        if (!choice.takes(record)) return false;
        target.write(bytes.slice(0, NeedleHeader.BYTES + bodyBytes));
        target.write(encoder.encodeTail(bodyBytes, bodyBytes == 0 ? 0 : record.checksum(), record.appendEpochNanos()));
        return true;
    }

    private boolean copyLarge(long keyBits, long offset, int bodyBytes, Choice choice) throws IOException {
        RecordVersion version = source.version();
        NeedleMetadata record =
                RecordReader.metadata(source.file(), source.path(), version, offset, keyBits, bodyBytes);
        if (!choice.takes(record)) return false;
        long dataStart = offset + RecordReader.headBytes(version);
        long dataEnd = dataStart + record.dataBytes();
        CRC32C crc = new CRC32C();
        try {
            copy(offset, dataStart, offset, null);
            copy(dataStart, dataEnd, offset, crc);
            copy(dataEnd, offset + NeedleHeader.BYTES + bodyBytes, offset, null);
            int plain = (int) crc.getValue();
            if (!NeedleChecksum.matches(record.checksum(), plain)) {
                throw new DamagedRecordException(source.path(), offset, "checksum of key " + Long.toHexString(keyBits) + " is "
                        + record.etag() + ", expected " + NeedleChecksum.etag(plain));
            }
            target.write(encoder.encodeTail(bodyBytes, plain, record.appendEpochNanos()));
            return true;
        } catch (DamagedRecordException damage) {
            target.dropRecord();
            throw damage;
        }
    }

    private void copy(long from, long to, long recordOffset, @Nullable CRC32C crc) throws IOException {
        ByteBuffer piece = source.scratch();
        for (long at = from; at < to; at += piece.limit()) {
            piece.clear().limit((int) Math.min(piece.capacity(), to - at));
            while (piece.hasRemaining()) {
                if (source.file().read(piece, at + piece.position()) < 0) {
                    throw new DamagedRecordException(source.path(), recordOffset, "the file ends inside the record");
                }
            }
            piece.flip();
            if (crc != null) crc.update(piece.duplicate());
            target.write(piece);
        }
    }

    /**
     * Copies the marker of a deletion; where none can be read, a new one is written.
     *
     * @param entry the row of the deletion
     * @param nowEpochNanos time of a new one
     */
    void copyDeletion(long keyBits, long entry, long nowEpochNanos) throws IOException {
        Cookie cookie = RecordEncoder.MARKER_COOKIE;
        int checksum = 0;
        long nanos = nowEpochNanos;
        try {
            NeedleMetadata marker = marker(keyBits, entry);
            cookie = marker.cookie();
            checksum = marker.checksum();
            nanos = marker.appendEpochNanos();
        } catch (DamagedRecordException none) {
            // Volumes whose data lie elsewhere have no markers, and behind 32 GiB a row cannot say where one is.
        }
        target.write(encoder.encodeMarker(keyBits, cookie, checksum, nanos));
        target.endDeletion(keyBits);
    }

    private NeedleMetadata marker(long keyBits, long entry) throws IOException {
        long offset = IndexEntry.offset(entry);
        if (offset == 0) throw new DamagedRecordException(source.path(), 0, "the row names no marker");
        return NeedleRecord.parse(source.record(offset, 0), source.version(), keyBits, 0, source.path(), offset).metadata();
    }
}
