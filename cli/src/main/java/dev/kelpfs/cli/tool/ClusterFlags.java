package dev.kelpfs.cli.tool;

import dev.kelpfs.cli.command.Invocation;
import dev.kelpfs.client.ClientOptions;
import dev.kelpfs.client.Placement;
import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.flags.Flag;
import java.util.List;

/** Flags of the tools that are clients of a cluster, and what they mean to the client. */
public final class ClusterFlags {
    public static final Flag MASTER =
            Flag.text("master", "localhost:9333", "masters, comma separated; one is enough, all are better");
    public static final Flag COLLECTION = Flag.text("collection", "", "collection that the files belong to");
    public static final Flag REPLICATION =
            Flag.text("replication", "", "copies of a file, as in 001; empty leaves it to the master");
    public static final Flag DISK = Flag.text("disk", "", "kind of disk: hdd, ssd, or a tag of yours; empty for any hard disk");

    private ClusterFlags() {}

    /** @throws WrongArgumentsException if the text names no master */
    public static ClientOptions options(String masters) throws WrongArgumentsException {
        try {
            List<ServerAddress> addresses = ServerAddress.parseList(masters);
            if (addresses.isEmpty()) throw new WrongArgumentsException("-master is empty, expected host:port of a master");
            return ClientOptions.of(addresses);
        } catch (IllegalArgumentException wrong) {
            throw new WrongArgumentsException("-master: " + wrong.getMessage());
        }
    }

    /** Where files go, by the flags above. */
    public static Placement placement(Invocation invocation) throws WrongArgumentsException {
        String replication = invocation.flags().text(REPLICATION.name());
        try {
            CollectionName collection = new CollectionName(invocation.flags().text(COLLECTION.name()));
            if (!replication.isEmpty()) ReplicaPlacement.parse(replication);
            DiskType disk = new DiskType(invocation.flags().text(DISK.name()));
            return new Placement(collection, replication, Ttl.NONE, disk, "", "");
        } catch (IllegalArgumentException wrong) {
            throw new WrongArgumentsException(String.valueOf(wrong.getMessage()));
        }
    }

    /** A time to live. */
    public static Ttl ttl(String text) throws WrongArgumentsException {
        try {
            return Ttl.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new WrongArgumentsException("-ttl: " + wrong.getMessage());
        }
    }
}
