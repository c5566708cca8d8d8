package dev.kelpfs.master.state;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import java.io.IOException;
import java.nio.file.Path;

/** A snapshot of the masters' state: a {@link CheckedFile} with the magic {@code KELPMSNP} around a {@code kelp_pb.MasterSnapshot}. */
public final class SnapshotFile {
    private static final long MAGIC = 0x4B454C504D534E50L;
    private static final int BODY_OFFSET = 16;

    private SnapshotFile() {}

    /** Replaces the snapshot in one step; durable on return. */
    public static void write(Disk disk, Path path, MasterSnapshot snapshot) throws IOException {
        CheckedFile.write(disk, path, MAGIC, snapshot.toByteArray());
    }

    /** @throws CorruptStateException if the file is damaged */
    public static MasterSnapshot read(Disk disk, Path path) throws IOException {
        try {
            return MasterSnapshot.parseFrom(CheckedFile.read(disk, path, MAGIC, "a snapshot of a Kelp master"));
        } catch (InvalidProtocolBufferException unreadable) {
            throw new CorruptStateException(path, BODY_OFFSET, String.valueOf(unreadable.getMessage()));
        }
    }
}
