package dev.kelpfs.shell.raft;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.flags.Flag;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.wire.master.RaftAddServerRequest;
import java.time.Duration;
import java.util.List;

/** {@code cluster.raft.add}. */
public final class RaftAddCommand implements ShellCommand {
    private static final FlagTable FLAGS = FlagTable.bare(List.of(
            Flag.text("id", "", "HTTP address of the new master"),
            Flag.text("address", "", "its gRPC address, if that is not at the usual port"),
            Flag.toggle("voter", true, "whether it votes; every master here does")));

    private static final Duration CHANGE = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "cluster.raft.add";
    }

    @Override
    public String summary() {
        return "let another master in";
    }

    @Override
    public String description() {
        return """
                Lets the master at -id in. It must run, with an empty directory and -peers that name a master of this cluster; it
                copies everything first and votes from then on. Waits for that.
                Example: cluster.raft.add -id=10.0.0.4:9333""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        ServerAddress wanted = RaftMembers.wanted(run);
        if (!run.flags().isOn("voter")) {
            throw new CommandException("-voter=false is not possible: every master votes as soon as it has copied everything");
        }
        RaftAddServerRequest request = RaftAddServerRequest.newBuilder()
                .setId(wanted.toString()).setAddress(run.flags().text("address")).setVoter(true).build();
        Masters masters = run.session().masters();
        masters.ask("new master " + wanted, CHANGE, stub -> stub.raftAddServer(request));
        RaftMembers.ask(masters).print(run.out());
    }
}
