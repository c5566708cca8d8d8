package dev.kelpfs.shell.raft;

import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import java.util.List;

/** {@code cluster.raft.ps}. */
public final class RaftPsCommand implements ShellCommand {
    private static final FlagTable FLAGS = FlagTable.bare(List.of(CommandRun.FORM));

    @Override
    public String name() {
        return "cluster.raft.ps";
    }

    @Override
    public String summary() {
        return "list the masters and who leads";
    }

    @Override
    public String description() {
        return """
                Lists the masters that vote, with the id that the other cluster.raft commands take.""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        boolean json = run.wantsJson();
        RaftMembers found = RaftMembers.ask(run.session().masters());
        if (json) run.json(found.members());
        else found.print(run.out());
    }
}
