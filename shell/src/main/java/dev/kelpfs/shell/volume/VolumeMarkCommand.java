package dev.kelpfs.shell.volume;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.access.VolumeServers;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.shell.volume.Replicas.Replica;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.volume.VolumeMarkWritableRequest;
import dev.kelpfs.wire.volume.VolumeStatusRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code volume.mark}. */
public final class VolumeMarkCommand implements ShellCommand {
    private static final String UNNAMED = "_default";

    private static final FlagTable FLAGS = FlagTable.bare(List.of(
            Flag.text("node", "", "the volume server, host:port"),
            Flag.text("volumeId", "", "the volume on it"),
            Flag.text("collection", "", "instead of both: all copies of this collection's volumes; _default is the one without a name"),
            Flag.toggle("writable", false, "take writes again"),
            Flag.toggle("readonly", false, "take no writes and no deletions"),
            Flag.toggle("readonlyCanDelete", false, "take no writes, but deletions")));

    private enum Mark {
        WRITABLE("writable"),
        READONLY("readonly"),
        READONLY_CAN_DELETE("readonlyCanDelete");

        private final String flag;

        Mark(String flag) {
            this.flag = flag;
        }
    }

    @Override
    public String name() {
        return "volume.mark";
    }

    @Override
    public String summary() {
        return "make volumes read-only or writable";
    }

    @Override
    public String description() {
        return """
                Marks one copy of a volume, or all copies of a collection's volumes. The mark outlives a restart of the
                server. Of a collection, those that cannot be marked are named at the end and do not stop the others.
                Examples: volume.mark -node=10.0.0.7:8080 -volumeId=3 -readonly; volume.mark -collection=pics -writable""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public boolean needsLock() {
        return true;
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        Mark mark = mark(run);
        List<Replica> replicas = replicas(run, Topology.ask(run.session().masters()));
        List<String> failures = new ArrayList<>();
        int marked = 0;
        for (Replica replica : replicas) {
            if (!run.holdsLock()) {
                failures.add(CommandRun.LOCK_LOST);
                break;
            }
            try {
                mark(run.session().volumeServers(), replica, mark);
                marked++;
                run.out().println("volume " + replica.volume() + " on " + replica.server() + " is " + mark.flag + " now");
            } catch (AccessException | CommandException failed) {
                failures.add(failed.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            throw new CommandException(replicas.size() - marked + " of " + replicas.size() + " copies are not marked: "
                    + String.join("; ", failures));
        }
    }

    private static Mark mark(CommandRun run) throws CommandException {
        List<Mark> wanted = Stream.of(Mark.values()).filter(mark -> run.flags().isOn(mark.flag)).toList();
        if (wanted.size() != 1) throw new CommandException("give exactly one of -writable, -readonly and -readonlyCanDelete");
        return wanted.getFirst();
    }

    private static List<Replica> replicas(CommandRun run, Topology topology) throws CommandException {
        String collection = run.flags().text("collection");
        boolean single = !run.flags().text("node").isEmpty() || !run.flags().text("volumeId").isEmpty();
        if (single == !collection.isEmpty()) throw new CommandException("give -node and -volumeId, or -collection");
        if (single) return List.of(Replicas.on(topology, run.required("node"), VolumeIds.one(run.required("volumeId"))));
        List<Replica> replicas = Replicas.ofCollection(topology, collection.equals(UNNAMED) ? "" : collection);
        if (replicas.isEmpty()) throw new CommandException("there is no volume in collection " + collection);
        return replicas;
    }

    private static void mark(VolumeServers servers, Replica replica, Mark mark) throws AccessException, CommandException {
        String what = "mark of volume " + replica.volume();
        int id = (int) replica.volume();
        servers.ask(what, replica.server(), Masters.SHORT, stub -> switch (mark) {
            case WRITABLE -> stub.volumeMarkWritable(VolumeMarkWritableRequest.newBuilder().setVolumeId(id).build());
            case READONLY, READONLY_CAN_DELETE -> stub.volumeMarkReadonly(VolumeMarkReadonlyRequest.newBuilder()
                    .setVolumeId(id).setPersist(true).setCanDelete(mark == Mark.READONLY_CAN_DELETE).build());
        });
        boolean readOnly = servers.ask("status of volume " + replica.volume(), replica.server(), Masters.SHORT,
                stub -> stub.volumeStatus(VolumeStatusRequest.newBuilder().setVolumeId(id).build())).getIsReadOnly();
        if (readOnly == (mark == Mark.WRITABLE)) {
            throw new CommandException("volume " + replica.volume() + " on " + replica.server() + " was marked and is still "
                    + (readOnly ? "read-only: its disk is low, or a check has found it damaged; see the server's log" : "writable"));
        }
    }
}
