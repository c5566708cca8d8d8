package dev.kelpfs.master.founding;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.state.CheckedFile;
import dev.kelpfs.master.state.CorruptStateException;
import dev.kelpfs.wire.kelp.MasterIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Who a master is: kept in the file {@code identity} of its state directory, and replaced as a whole when the master begins
 * to belong to a cluster.
 *
 * @param incarnation of the state directory
 * @param cluster empty until it belongs to one
 */
public record Identity(String incarnation, Optional<Cluster> cluster) {
    private static final long MAGIC = 0x4B454C504D494459L;
    private static final int VERSION = 1;
    private static final int BODY_OFFSET = 16;
    private static final String FILE = "identity";

    /**
     * The cluster a master belongs to.
     *
     * @param group identity of the cluster's log
     * @param founders empty for a master that was taken in later
     * @param clusterId what the first leader gives the cluster; empty if this master was taken in later
     * @param referenceVolumeId volume ids up to this one were given out by masters of the reference
     */
    public record Cluster(UUID group, List<Member> founders, String clusterId, long referenceVolumeId) {
        public Cluster {
            founders = List.copyOf(founders);
        }
    }

    /** True if this directory belongs to a master of a cluster of several. */
    public static boolean belongs(Disk disk, Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        return disk.exists(file) && read(disk, file).cluster.isPresent();
    }

    /** What the directory says, or a new identity that is durable on return. */
    public static Identity open(Disk disk, Path directory, RandomGenerator random) throws IOException {
        Path file = directory.resolve(FILE);
        if (disk.exists(file)) return read(disk, file);
        Identity fresh = new Identity(incarnation(random), Optional.empty());
        fresh.write(disk, directory);
        return fresh;
    }

    /** Another incarnation, which knows the cluster and never was a member of it. */
    public Identity outside(RandomGenerator random) {
        return new Identity(incarnation(random), cluster.map(known -> new Cluster(known.group, List.of(), "", 0)));
    }

    private static String incarnation(RandomGenerator random) {
        return Long.toHexString(random.nextLong() | Long.MIN_VALUE);
    }

    public void write(Disk disk, Path directory) throws IOException {
        MasterIdentity.Builder message = MasterIdentity.newBuilder().setVersion(VERSION).setIncarnation(incarnation);
        cluster.ifPresent(known -> {
            message.setGroupId(known.group.toString())
                    .setClusterId(known.clusterId)
                    .setReferenceVolumeId((int) known.referenceVolumeId);
            known.founders.forEach(member -> message.addFounders(member.message()));
        });
        CheckedFile.write(disk, directory.resolve(FILE), MAGIC, message.build().toByteArray());
    }

    private static Identity read(Disk disk, Path file) throws IOException {
        try {
            MasterIdentity message = MasterIdentity.parseFrom(CheckedFile.read(disk, file, MAGIC, "the identity of a Kelp master"));
            if (message.getVersion() != VERSION) {
                throw new IOException(file + " has version " + message.getVersion() + ", this release knows " + VERSION
                        + "; start the release that wrote it, or a newer one");
            }
            if (message.getGroupId().isEmpty()) return new Identity(message.getIncarnation(), Optional.empty());
            return new Identity(message.getIncarnation(), Optional.of(new Cluster(
                    UUID.fromString(message.getGroupId()),
                    message.getFoundersList().stream().map(Member::of).toList(),
                    message.getClusterId(),
                    Integer.toUnsignedLong(message.getReferenceVolumeId()))));
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            throw new CorruptStateException(file, BODY_OFFSET, String.valueOf(unreadable.getMessage()));
        }
    }
}
