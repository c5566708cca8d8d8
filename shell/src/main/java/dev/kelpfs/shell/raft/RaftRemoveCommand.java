package dev.kelpfs.shell.raft;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.wire.master.RaftLeadershipTransferRequest;
import dev.kelpfs.wire.master.RaftRemoveServerRequest;
import java.time.Duration;
import java.util.List;

/** {@code cluster.raft.remove}. */
public final class RaftRemoveCommand implements ShellCommand {
    private static final FlagTable FLAGS = FlagTable.bare(List.of(
            Flag.text("id", "", "the master, as cluster.raft.ps names it")));

    private static final Duration CHANGE = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "cluster.raft.remove";
    }

    @Override
    public String summary() {
        return "take a master out";
    }

    @Override
    public String description() {
        return """
                Takes a master out, also the one that leads: another one leads then. Its process goes on running and can be stopped.
                The list of members is kept by the masters themselves, so -peers need not be changed at once.
                Example: cluster.raft.remove -id=10.0.0.4:9333""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        ServerAddress wanted = RaftMembers.wanted(run);
        RaftRemoveServerRequest request = RaftRemoveServerRequest.newBuilder().setId(wanted.toString()).setForce(true).build();
        Masters masters = run.session().masters();
        if (RaftMembers.ask(masters).leads(wanted)) handOver(masters);
        masters.ask("removal of master " + wanted, CHANGE, stub -> stub.raftRemoveServer(request));
        RaftMembers.ask(masters).print(run.out());
    }

    /** A leader that is removed would be missed for an election; so another one leads first. */
    private static void handOver(Masters masters) throws AccessException {
        masters.ask("transfer of leadership", CHANGE,
                stub -> stub.raftLeadershipTransfer(RaftLeadershipTransferRequest.getDefaultInstance()));
    }
}
