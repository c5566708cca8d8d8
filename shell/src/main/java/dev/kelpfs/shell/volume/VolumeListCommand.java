package dev.kelpfs.shell.volume;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.flags.FlagValues;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.shell.topology.VolumeFilter;
import dev.kelpfs.wire.master.VolumeListResponse;
import java.util.List;

/** {@code volume.list}. */
public final class VolumeListCommand implements ShellCommand {
    private static final int BYTES_OF_MIB_SHIFT = 20;

    private static final FlagTable FLAGS = FlagTable.bare(List.of(
            Flag.integer("v", TopologyText.ALL, "how deep: 0 topology, 1 data centers, 2 racks, 3 servers, 4 disks, 5 volumes"),
            Flag.text("collectionPattern", "", "only collections of this name, with * and ?; _default is the one without a name"),
            Flag.toggle("readonly", false, "only volumes that are read-only"),
            Flag.toggle("writable", false, "only volumes that are not read-only and not full"),
            Flag.integer("volumeId", 0, "only the volume of this id"),
            Flag.text("dataCenter", "", "only this data center"),
            Flag.text("rack", "", "only this rack"),
            Flag.text("dataNode", "", "only this server, host:port or its id"),
            CommandRun.FORM));

    @Override
    public String name() {
        return "volume.list";
    }

    @Override
    public String summary() {
        return "list all volumes";
    }

    @Override
    public String description() {
        return """
                Lists volumes as a tree of data centers, racks, servers and disks. If some are left out by flags, levels
                without any are left out too. A volume id that is in use in two collections is warned of at the end.
                Example: volume.list -writable -collectionPattern=pics*""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        boolean json = run.wantsJson();
        int depth = depth(run.flags().integer("v"));
        VolumeListResponse answer = Topology.answer(run.session().masters());
        VolumeFilter filter = filter(run.flags(), answer.getVolumeSizeLimitMb());
        Topology topology = Topology.of(answer, filter);
        if (json) {
            run.json(topology);
        } else {
            run.out().print(TopologyText.of(topology, depth));
        }
        Topology whole = Topology.of(answer, VolumeFilter.OFF);
        UnknownPlaces.warnings(whole, filter).forEach(run.err()::println);
        SharedIds.warnings(whole).forEach(run.err()::println);
    }

    private static int depth(long level) throws CommandException {
        if (level < 0) throw new CommandException("-v must be 0 to " + TopologyText.ALL + ", got " + level);
        return (int) Math.min(level, TopologyText.ALL);
    }

    private static VolumeFilter filter(FlagValues flags, long sizeLimitMb) throws CommandException {
        long id = flags.integer("volumeId");
        if (id != 0) VolumeIds.known(id);
        if (flags.isOn("readonly") && flags.isOn("writable")) {
            throw new CommandException("-readonly and -writable exclude each other");
        }
        return new VolumeFilter(flags.text("collectionPattern"), id, flags.isOn("readonly"), flags.isOn("writable"),
                sizeLimitMb << BYTES_OF_MIB_SHIFT, flags.text("dataCenter"), flags.text("rack"), flags.text("dataNode"));
    }
}
