package dev.kelpfs.shell.volume;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.VolumeServers;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.shell.volume.Replicas.Replica;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import dev.kelpfs.wire.volume.VolumeStatusRequest;
import java.time.Duration;
import java.util.List;

/** {@code volume.delete}. */
public final class VolumeDeleteCommand implements ShellCommand {
    private static final Duration WITHOUT_LIMIT = Duration.ofHours(1);

    private static final FlagTable FLAGS = FlagTable.bare(List.of(
            Flag.text("node", "", "the volume server, host:port"),
            Flag.text("volumeId", "", "the volume on it"),
            Flag.duration("timeout", "0s", "how long it may take; 0 for no limit")));

    @Override
    public String name() {
        return "volume.delete";
    }

    @Override
    public String summary() {
        return "delete one copy of a volume";
    }

    @Override
    public String description() {
        return """
                Deletes a volume on one server, with all files in it. Other copies stay. What the server cannot read back
                afterwards is said to be gone.
                Example: volume.delete -node=10.0.0.7:8080 -volumeId=3""";
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
        String node = run.required("node");
        long volume = VolumeIds.one(run.required("volumeId"));
        Duration limit = run.flags().duration("timeout");
        if (limit.isNegative()) throw new CommandException("-timeout must not be negative");
        Replica replica = Replicas.on(Topology.ask(run.session().masters()), node, volume);
        Duration longest = limit.isZero() ? WITHOUT_LIMIT : limit;
        VolumeDeleteRequest request = VolumeDeleteRequest.newBuilder().setVolumeId((int) volume).build();
        VolumeServers servers = run.session().volumeServers();
        servers.ask("delete of volume " + volume, replica.server(), longest, stub -> stub.volumeDelete(request));
        if (isThere(servers, replica)) {
            throw new CommandException("volume " + volume + " is still on " + replica.server() + " after its deletion");
        }
        run.out().println("volume " + volume + " is deleted from " + replica.server());
    }

    private static boolean isThere(VolumeServers servers, Replica replica) throws AccessException {
        VolumeStatusRequest request = VolumeStatusRequest.newBuilder().setVolumeId((int) replica.volume()).build();
        try {
            servers.ask("status of volume " + replica.volume(), replica.server(), Duration.ofSeconds(10),
                    stub -> stub.volumeStatus(request));
            return true;
        } catch (AccessException refused) {
            if (String.valueOf(refused.getMessage()).contains("not found")) return false;
            throw refused;
        }
    }
}
