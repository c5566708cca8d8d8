package dev.kelpfs.shell.raft;

import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.wire.master.RaftLeadershipTransferRequest;
import dev.kelpfs.wire.master.RaftLeadershipTransferResponse;
import java.time.Duration;
import java.util.List;

/** {@code cluster.raft.transferLeader}. */
public final class RaftTransferLeaderCommand implements ShellCommand {
    private static final FlagTable FLAGS = FlagTable.bare(List.of(
            Flag.text("id", "", "the master that is to lead, as cluster.raft.ps names it; any if empty"),
            Flag.text("address", "", "its gRPC address, instead of -id")));

    private static final Duration CHANGE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "cluster.raft.transferLeader";
    }

    @Override
    public String summary() {
        return "have another master lead";
    }

    @Override
    public String description() {
        return """
                Hands leadership over: to the master that is named, or to any other that is well. No request is lost by it.
                Example: cluster.raft.transferLeader -id=10.0.0.4:9333""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        Masters masters = run.session().masters();
        RaftLeadershipTransferRequest request = RaftLeadershipTransferRequest.newBuilder()
                .setTargetId(run.flags().text("id")).setTargetAddress(run.flags().text("address")).build();
        RaftMembers.ask(masters).print(run.out());
        RaftLeadershipTransferResponse done =
                masters.ask("transfer of leadership", CHANGE, stub -> stub.raftLeadershipTransfer(request));
        run.out().println("leadership went from " + done.getPreviousLeader() + " to " + done.getNewLeader());
    }
}
