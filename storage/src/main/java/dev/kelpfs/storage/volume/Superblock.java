package dev.kelpfs.storage.volume;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Leading 8 bytes of a data file: version u8, replica placement u8, time to live (count u8, unit u8), compaction
 * revision u16, length of extra bytes u16. Extra bytes follow in versions 2 and 3 and are skipped; Kelp writes none.
 *
 * <p>Source: storage formats, section 4.
 */
record Superblock(RecordVersion version, ReplicaPlacement placement, Ttl ttl, int revision, int extraBytes) {
    static final int BYTES = 8;

    private static final int MAX_U16 = 0xffff;

    Superblock {
        if (revision < 0 || revision > MAX_U16) throw new IllegalArgumentException("revision must fit 16 bits, got " + revision);
        if (extraBytes < 0 || extraBytes > MAX_U16) throw new IllegalArgumentException("extra length " + extraBytes);
    }

    /** That of a volume that is being created. */
    static Superblock fresh(ReplicaPlacement placement, Ttl ttl) {
        return new Superblock(RecordVersion.CURRENT, placement, ttl, 0, 0);
    }

    /** @throws RefusedVolumeException if the file is too short for one, or the version is none that is known */
    static Superblock read(DiskFile dat, Path file) throws IOException {
        if (dat.size() < BYTES) {
            throw new RefusedVolumeException(file + " has " + dat.size() + " bytes and so no superblock; if the volume "
                    + "was never used remove the file, else restore it from a copy");
        }
        ByteBuffer head = ByteBuffer.allocate(BYTES);
        RecordReader.readFully(dat, file, head, 0, 0);
        return decode(head, file);
    }

    /** @throws RefusedVolumeException if the version is none that is known */
    static Superblock decode(ByteBuffer in, Path file) throws RefusedVolumeException {
        int number = in.get(0) & 0xff;
        RecordVersion version = RecordVersion.of(number).orElseThrow(() -> new RefusedVolumeException(
                file + ": version " + number + " in the superblock, expected 1, 2 or 3; restore the file from a copy"));
        return new Superblock(version, ReplicaPlacement.fromByte(in.get(1)), Ttl.fromBytes(in.get(2), in.get(3)),
                in.getShort(4) & MAX_U16, in.getShort(6) & MAX_U16);
    }

    /** That of the volume's files after one more vacuum. */
    static Superblock vacuumed(RecordVersion version, ReplicaPlacement placement, Ttl ttl, int revisionBefore) {
        return new Superblock(version, placement, ttl, revisionBefore + 1 & MAX_U16, 0);
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .put((byte) version.number()).put((byte) placement.toByte())
                .put((byte) ttl.count()).put((byte) ttl.unitCode())
                .putShort((short) revision).putShort((short) 0)
                .flip();
    }

    /** Where the first record starts. */
    long firstRecordAt() {
        return firstRecordAt(version);
    }

    /** Where it starts if the records have this version, which another file says. */
    long firstRecordAt(RecordVersion said) {
        return said == RecordVersion.V1 ? BYTES : BYTES + (long) extraBytes;
    }
}
