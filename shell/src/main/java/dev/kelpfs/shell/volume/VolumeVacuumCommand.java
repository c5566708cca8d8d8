package dev.kelpfs.shell.volume;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.wire.master.VacuumVolumeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code volume.vacuum}. */
public final class VolumeVacuumCommand implements ShellCommand {
    private static final FlagTable FLAGS = FlagTable.bare(List.of(
            Flag.decimal("garbageThreshold", "0.3", "vacuum volumes of which at least this share is garbage, 0 to 1"),
            Flag.text("collection", "", "only volumes of this collection"),
            Flag.text("volumeId", "", "only the volumes of these ids, with commas between them")));

    @Override
    public String name() {
        return "volume.vacuum";
    }

    @Override
    public String summary() {
        return "free the space of deleted files";
    }

    @Override
    public String description() {
        return """
                Has the master vacuum the volumes that have enough garbage, on all their servers; returns when that is done.
                Example: volume.vacuum -garbageThreshold=0.1 -volumeId=3,7""";
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
        double threshold = run.flags().decimal("garbageThreshold");
        if (!(threshold >= 0 && threshold <= 1)) throw new CommandException("-garbageThreshold must be 0 to 1, got " + threshold);
        List<Long> ids = VolumeIds.list(run.flags().text("volumeId"));
        String collection = run.flags().text("collection");
        Masters masters = run.session().masters();
        checkAreThere(Topology.ask(masters), ids, collection);
        VacuumVolumeRequest.Builder request =
                VacuumVolumeRequest.newBuilder().setGarbageThreshold((float) threshold).setCollection(collection);
        if (ids.isEmpty()) {
            vacuum(masters, request.build());
            return;
        }
        List<String> failures = new ArrayList<>();
        for (long id : ids) {
            if (!run.holdsLock()) {
                failures.add("volume " + id + " and those after it: " + CommandRun.LOCK_LOST);
                break;
            }
            try {
                vacuum(masters, request.setVolumeId((int) id).build());
            } catch (AccessException failed) {
                failures.add("volume " + id + ": " + failed.getMessage());
            }
        }
        if (!failures.isEmpty()) throw new CommandException(String.join("; ", failures));
    }

    private static void vacuum(Masters masters, VacuumVolumeRequest request) throws AccessException {
        masters.ask("vacuum", Masters.LONG, stub -> stub.vacuumVolume(request));
    }

    private static void checkAreThere(Topology topology, List<Long> ids, String collection) throws CommandException {
        Set<Long> known = topology.volumes()
                .filter(volume -> collection.isEmpty() || volume.collection().equals(collection))
                .map(volume -> volume.id())
                .collect(Collectors.toSet());
        List<Long> unknown = ids.stream().filter(id -> !known.contains(id)).toList();
        if (!unknown.isEmpty()) {
            throw new CommandException("there is no volume " + unknown.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + (collection.isEmpty() ? "" : " in collection " + collection) + "; volume.list shows those that are there");
        }
        if (!collection.isEmpty() && known.isEmpty()) {
            throw new CommandException("there is no volume in collection " + collection + "; collection.list shows those that are there");
        }
    }
}
