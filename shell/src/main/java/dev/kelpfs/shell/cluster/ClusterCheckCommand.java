package dev.kelpfs.shell.cluster;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.cluster.Health.DownServer;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.Session;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.topology.DiskUsage;
import dev.kelpfs.shell.topology.NodeView;
import dev.kelpfs.shell.topology.Topology;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code cluster.check}. */
public final class ClusterCheckCommand implements ShellCommand {
    private static final FlagTable FLAGS = FlagTable.bare(List.of(CommandRun.FORM));
    /** Filers write their logs to disks of this type. */
    private static final String LOG_DISKS = "hdd";

    /**
     * What was found.
     *
     * @param volumeServers those that are connected
     * @param down those that are not
     * @param problems empty if nothing is wrong but pings that failed
     */
    record Findings(
            List<String> filers, List<String> volumeServers, List<DownServer> down, List<String> problems, List<PingCheck> pings) {}

    @Override
    public String name() {
        return "cluster.check";
    }

    @Override
    public String summary() {
        return "say what is wrong with the cluster, and check that its servers reach each other";
    }

    @Override
    public String description() {
        return """
                Names what is wrong and what to do: volume servers that are down or whose volumes are not written, masters that
                do not answer, are far behind or wait for something, volumes whose copies contradict each other, and no room for
                volumes at all. Then has every master, volume server and filer ping the others, as far as they talk to each
                other, and shows the time that it took and how far their clocks are apart. Fails if anything is wrong.""";
    }

    @Override
    public FlagTable flags() {
        return FLAGS;
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        boolean json = run.wantsJson();
        Session session = run.session();
        Topology topology;
        try {
            topology = Topology.ask(session.masters());
        } catch (AccessException failed) {
            if (failed.code() != Status.Code.UNAVAILABLE) throw failed;
            tellWithoutLeader(run, json, failed);
            throw failed;
        }
        List<String> filers =
                Members.of(session.masters(), Kind.FILER.wireName(), session.filerGroup()).stream().map(Members.Member::address).toList();
        List<String> servers = topology.nodes().map(NodeView::address).toList();
        Health health = Health.ask(session.masters(), Members.mastersAndGiven(session.masters()));
        List<String> problems = new ArrayList<>(problems(topology, !filers.isEmpty()));
        problems.addAll(health.problems());
        if (!json) {
            run.out().println("Topology volumeSizeLimit:" + topology.volumeSizeLimitMb() + " MB "
                    + String.join(" ", topology.usage().stream().map(DiskUsage::toString).toList()));
            problems.forEach(problem -> run.out().println(problem));
            run.out().println("the cluster has " + filers.size() + " filers: " + filers);
            run.out().println("the cluster has " + servers.size() + " volume servers: " + servers);
        }
        List<PingCheck> pings = new ArrayList<>();
        Pinger pinger = new Pinger(session, check -> {
            pings.add(check);
            if (!json) run.out().println(check);
        });
        ping(session, servers, filers, pinger);
        if (json) run.json(new Findings(filers, servers, health.down(), problems, pings));
        long failed = pings.stream().filter(check -> !check.isOk()).count();
        if (failed > 0 || !problems.isEmpty()) {
            throw new CommandException(failed + " of " + pings.size() + " pings failed, " + problems.size()
                    + (problems.size() == 1 ? " other problem" : " other problems"));
        }
    }

    /** Without a leader all that can be told is what each master that was given waits for. */
    private static void tellWithoutLeader(CommandRun run, boolean json, AccessException failed) {
        Masters masters = run.session().masters();
        List<String> problems = Health.ask(masters, masters.known()).problems();
        if (json) {
            List<String> all = Stream.concat(Stream.of(String.valueOf(failed.getMessage())), problems.stream()).toList();
            run.json(new Findings(List.of(), List.of(), List.of(), all, List.of()));
        } else {
            problems.forEach(problem -> run.out().println(problem));
        }
    }

    /** What is wrong with the room for volumes. Pure. */
    static List<String> problems(Topology topology, boolean hasFilers) {
        List<String> problems = new ArrayList<>();
        if (topology.usage().isEmpty()) problems.add("no disk is known: no volume server is connected");
        topology.usage().stream()
                .filter(disk -> disk.maxVolumes() == 0)
                .forEach(disk -> problems.add("disks of type " + disk.type() + " take no volumes: their maximum is 0; see -max"));
        boolean logDisks = topology.usage().stream().anyMatch(disk -> disk.type().equals(LOG_DISKS) && disk.maxVolumes() > 0);
        if (hasFilers && !logDisks) {
            problems.add("filers write their logs to disks of type " + LOG_DISKS + ", and there is no room on any");
        }
        return problems;
    }

    private static void ping(Session session, List<String> servers, List<String> filers, Pinger pinger) throws AccessException {
        List<String> masters = Members.masters(session.masters()).stream().map(ServerAddress::toString).toList();
        all(pinger, Kind.MASTER, masters, Kind.VOLUME_SERVER, servers);
        for (String master : masters) {
            for (String other : masters) {
                if (!other.equals(master)) pinger.ping(Kind.MASTER, master, Kind.MASTER, other);
            }
        }
        all(pinger, Kind.VOLUME_SERVER, servers, Kind.MASTER, masters);
        all(pinger, Kind.FILER, filers, Kind.MASTER, masters);
        all(pinger, Kind.FILER, filers, Kind.VOLUME_SERVER, servers);
        all(pinger, Kind.FILER, filers, Kind.FILER, filers);
    }

    private static void all(Pinger pinger, Kind fromKind, List<String> from, Kind toKind, List<String> to) {
        for (String one : from) {
            for (String other : to) pinger.ping(fromKind, one, toKind, other);
        }
    }
}
