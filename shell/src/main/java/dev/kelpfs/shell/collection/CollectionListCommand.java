package dev.kelpfs.shell.collection;

import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.wire.master.CollectionListRequest;
import java.util.List;

/** {@code collection.list}. */
public final class CollectionListCommand implements ShellCommand {
    private static final FlagTable FLAGS = FlagTable.bare(List.of(CommandRun.FORM));

    @Override
    public String name() {
        return "collection.list";
    }

    @Override
    public String summary() {
        return "list all collections";
    }

    @Override
    public String description() {
        return "Lists the collections with what they hold, every volume counted once however many copies it has.";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        boolean json = run.wantsJson();
        Masters masters = run.session().masters();
        List<CollectionTotals.Total> totals = CollectionTotals.of(Topology.ask(masters), names(masters));
        if (json) {
            run.json(totals);
            return;
        }
        totals.forEach(total -> run.out().println(total));
        run.out().println("Total " + totals.size() + " collections.");
    }

    /** Names of collections that have volumes of any kind. */
    static List<String> names(Masters masters) throws AccessException {
        CollectionListRequest request =
                CollectionListRequest.newBuilder().setIncludeNormalVolumes(true).setIncludeEcVolumes(true).build();
        return masters.ask("list of collections", Masters.SHORT, stub -> stub.collectionList(request))
                .getCollectionsList().stream().map(collection -> collection.getName()).toList();
    }
}
