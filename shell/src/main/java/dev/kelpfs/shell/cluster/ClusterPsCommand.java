package dev.kelpfs.shell.cluster;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.cluster.Health.DownServer;
import dev.kelpfs.shell.cluster.Members.Member;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.topology.DataCenterView;
import dev.kelpfs.shell.topology.NodeView;
import dev.kelpfs.shell.topology.RackView;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.wire.volume.VolumeServerStatusRequest;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code cluster.ps}. */
public final class ClusterPsCommand implements ShellCommand {
    private static final FlagTable FLAGS = FlagTable.bare(List.of(CommandRun.FORM));

    /** @param version empty if it does not answer, and then the error says why */
    record Server(String dataCenter, String rack, String address, String version, String error) {}

    /** @param down volume servers that are not connected, as far as the leader says */
    record Processes(
            List<String> masters, String leader, List<Member> brokers, List<Member> s3, List<Member> filers,
            List<Server> volumeServers, List<DownServer> down) {}

    @Override
    public String name() {
        return "cluster.ps";
    }

    @Override
    public String summary() {
        return "list the processes of the cluster";
    }

    @Override
    public String description() {
        return "Lists masters, brokers, S3 servers, filers and volume servers with their versions, and the volume servers that are down.";
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
        String group = run.session().filerGroup();
        Topology topology = Topology.ask(masters);
        ServerAddress leader = masters.leader();
        Processes processes = new Processes(
                Members.masters(masters).stream().map(ServerAddress::toString).toList(), leader.toString(),
                Members.of(masters, "broker", group), Members.of(masters, "s3", group), Members.of(masters, "filer", group),
                servers(run, topology), Health.ask(masters, List.of(leader)).down());
        if (json) {
            run.json(processes);
        } else {
            print(processes, topology, run.out());
        }
    }

    private static List<Server> servers(CommandRun run, Topology topology) {
        List<Server> servers = new ArrayList<>();
        for (DataCenterView center : topology.dataCenters()) {
            for (RackView rack : center.racks()) {
                for (NodeView node : rack.nodes()) servers.add(server(run, center.id(), rack.id(), node));
            }
        }
        return servers;
    }

    private static Server server(CommandRun run, String center, String rack, NodeView node) {
        if (node.server().isEmpty()) return new Server(center, rack, node.address(), "", "its address cannot be read");
        try {
            String version = run.session().volumeServers().ask("status", node.server().get(), Masters.SHORT,
                    stub -> stub.volumeServerStatus(VolumeServerStatusRequest.getDefaultInstance())).getVersion();
            return new Server(center, rack, node.address(), version, "");
        } catch (AccessException silent) {
            return new Server(center, rack, node.address(), "", String.valueOf(silent.getMessage()));
        }
    }

    private static void print(Processes processes, Topology topology, PrintStream out) {
        out.println("* masters " + processes.masters().size());
        for (String master : processes.masters()) {
            out.println("  * " + master + (master.equals(processes.leader()) ? " (leader)" : ""));
        }
        printMembers("brokers", processes.brokers(), out);
        printMembers("S3 servers", processes.s3(), out);
        printMembers("filers", processes.filers(), out);
        out.println("* volume servers " + processes.volumeServers().size());
        for (DataCenterView center : topology.dataCenters()) {
            out.println("  * data center " + center.id());
            for (RackView rack : center.racks()) {
                out.println("    * rack " + rack.id());
                processes.volumeServers().stream()
                        .filter(server -> server.dataCenter().equals(center.id()) && server.rack().equals(rack.id()))
                        .forEach(server -> out.println("      * " + server.address() + " "
                                + (server.error().isEmpty() ? server.version() : "(" + server.error() + ")")));
            }
        }
        if (processes.down().isEmpty()) return;
        out.println("* volume servers that are down " + processes.down().size());
        processes.down().forEach(server -> out.println("  * " + server));
    }

    private static void printMembers(String title, List<Member> members, PrintStream out) {
        if (members.isEmpty()) return;
        out.println("* " + title + " " + members.size());
        for (Member member : members) {
            out.println("  * " + member.address() + " (" + member.version() + ") " + member.createdAt());
            if (!member.dataCenter().isEmpty()) out.println("    DataCenter: " + member.dataCenter());
            if (!member.rack().isEmpty()) out.println("    Rack: " + member.rack());
        }
    }
}
