package dev.kelpfs.shell.raft;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import java.io.PrintStream;
import java.util.List;

/** The masters, as their leader names them. */
record RaftMembers(List<Member> members) {
    /** @param id how other commands name it */
    record Member(String id, String address, String suffrage, boolean leader) {}

    static RaftMembers ask(Masters masters) throws AccessException {
        return new RaftMembers(masters.ask("list of masters", Masters.SHORT,
                        stub -> stub.raftListClusterServers(RaftListClusterServersRequest.getDefaultInstance()))
                .getClusterServersList().stream()
                .map(server -> new Member(server.getId(), server.getAddress(), server.getSuffrage(), server.getIsLeader()))
                .toList());
    }

    /** Which master a command is about, by its flag {@code -id}. */
    static ServerAddress wanted(CommandRun run) throws CommandException {
        String id = run.required("id");
        try {
            return ServerAddress.parse(id);
        } catch (IllegalArgumentException unreadable) {
            throw new CommandException("-id must be a master's host and port, such as 10.0.0.4:9333, got \"" + id + "\"");
        }
    }

    /** True if it is this one of several that leads. */
    boolean leads(ServerAddress wanted) {
        return members.size() > 1
                && members.stream().anyMatch(member -> member.leader && ServerAddress.parse(member.id).isSameServer(wanted));
    }

    void print(PrintStream out) {
        out.println("the raft cluster has " + members.size() + " servers");
        for (Member member : members) {
            out.println("  * " + member.id + " " + member.address + " (" + (member.leader ? "Leader" : member.suffrage) + ")");
        }
    }
}
