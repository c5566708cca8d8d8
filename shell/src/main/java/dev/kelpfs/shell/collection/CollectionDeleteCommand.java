package dev.kelpfs.shell.collection;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.wire.master.CollectionDeleteRequest;
import java.time.Duration;
import java.util.List;

/** {@code collection.delete}. */
public final class CollectionDeleteCommand implements ShellCommand {
    private static final String UNNAMED = "_default_";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    /** So many looks that servers could report twice. */
    private static final int LOOKS = 25;

    private static final FlagTable FLAGS = FlagTable.bare(List.of(
            Flag.text("collection", "", "the collection; _default_ is the one without a name"),
            Flag.toggle("apply", false, "do it; without it, say what would be done"),
            Flag.toggle("force", false, "older word for -apply")));

    @Override
    public String name() {
        return "collection.delete";
    }

    @Override
    public String summary() {
        return "delete a collection with all its volumes";
    }

    @Override
    public String description() {
        return """
                Deletes all volumes of a collection on all servers, with all files in them. Without -apply it only says what
                would be deleted. Example: collection.delete -collection=pics -apply""";
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
    public void run(CommandRun run) throws CommandException, AccessException, InterruptedException {
        run.refuseArguments();
        String name = run.required("collection");
        String collection = name.equals(UNNAMED) ? "" : name;
        Masters masters = run.session().masters();
        long copies = copies(masters, collection);
        if (copies == 0 && !CollectionListCommand.names(masters).contains(collection)) {
            throw new CommandException("there is no collection " + name + "; collection.list shows those that are there");
        }
        // The older word wins, as it does for the scripts that say both.
        boolean old = run.flags().isGiven("force");
        if (old) run.err().println("-force is the older word for -apply");
        boolean apply = run.flags().isOn(old ? "force" : "apply");
        if (!apply) {
            run.out().println("collection " + name + ": " + copies + " copies of volumes would be deleted; this is a simulation, "
                    + "-apply deletes them");
            return;
        }
        CollectionDeleteRequest request = CollectionDeleteRequest.newBuilder().setName(collection).build();
        masters.ask("delete of collection " + name, Masters.LONG, stub -> stub.collectionDelete(request));
        for (int look = 1; copies(masters, collection) > 0; look++) {
            if (look == LOOKS) {
                throw new CommandException("collection " + name + " was deleted, but servers still report "
                        + copies(masters, collection) + " copies of its volumes; look again with volume.list");
            }
            run.session().pause().of(BETWEEN_LOOKS);
        }
        run.out().println("collection " + name + " is deleted");
    }

    private static long copies(Masters masters, String collection) throws AccessException {
        Topology topology = Topology.ask(masters);
        return topology.volumes().filter(volume -> volume.collection().equals(collection)).count()
                + topology.ecVolumes().filter(volume -> volume.collection().equals(collection)).count();
    }
}
