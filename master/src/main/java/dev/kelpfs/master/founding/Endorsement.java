package dev.kelpfs.master.founding;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.state.CheckedFile;
import dev.kelpfs.master.state.CorruptStateException;
import dev.kelpfs.wire.kelp.FoundingEndorsement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The word of a master without a cluster that it takes part in one founding and in no other: kept in the file {@code
 * endorsement} of its state directory from before it is given until the master belongs to a cluster. A founder endorses
 * itself first.
 *
 * @param founder who may found with it
 * @param group of the log that the founder would begin; another one for every founding that is tried
 */
public record Endorsement(Member founder, UUID group) {
    private static final long MAGIC = 0x4B454C50454E444FL;
    private static final int VERSION = 1;
    private static final int BODY_OFFSET = 16;
    private static final String FILE = "endorsement";

    /**
     * The endorsement that stands in a state directory, if there is one.
     *
     * @throws CorruptStateException if the file is damaged
     */
    public static Optional<Endorsement> read(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!disk.exists(file)) return Optional.empty();
        try {
            FoundingEndorsement message = FoundingEndorsement.parseFrom(
                    CheckedFile.read(disk, file, MAGIC, "the endorsement of a founding by a Kelp master"));
            return Optional.of(of(message));
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            throw new CorruptStateException(file, BODY_OFFSET, String.valueOf(unreadable.getMessage()));
        }
    }

    /** Replaces the endorsement that is there, if any; durable on return. */
    void write(Disk disk, Path directory) throws IOException {
        CheckedFile.write(disk, directory.resolve(FILE), MAGIC, message().toByteArray());
    }

    /** Removes the endorsement, if there is one; durable on return. */
    static void remove(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!disk.exists(file)) return;
        disk.delete(file);
        disk.syncDirectory(directory);
    }

    /** @throws IllegalArgumentException if an id cannot be read, or a newer release wrote it */
    static Endorsement of(FoundingEndorsement message) {
        if (message.getVersion() != VERSION) {
            throw new IllegalArgumentException("the endorsement has version " + message.getVersion() + ", this release knows " + VERSION
                    + "; start the release that wrote it, or a newer one");
        }
        return new Endorsement(Member.of(message.getFounder()), UUID.fromString(message.getGroupId()));
    }

    FoundingEndorsement message() {
        return FoundingEndorsement.newBuilder()
                .setVersion(VERSION).setFounder(founder.message()).setGroupId(group.toString()).build();
    }

    /** What a person may do when the founder never comes back, and what that risks. @param endorser whose word this is */
    public String howToTakeBack(ServerAddress endorser) {
        return "If " + founder.address().http() + " is lost for good and founded nothing, stop " + endorser.http() + ", remove m"
                + endorser.httpPort() + "/kelp/" + FILE + " in its -mdir and start it again; if " + founder.address().http()
                + " did found a cluster, that makes a second one";
    }
}
