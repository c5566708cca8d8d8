package dev.kelpfs.benchmarks.failover;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import dev.kelpfs.testkit.process.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Three masters and three volume servers on this machine, named {@code localhost}. Only one thread starts and kills. */
final class Cluster implements AutoCloseable {
    static final int SERVERS = 3;
    private static final Pattern NODE = Pattern.compile("localhost:[0-9]+\"");

    private final Form form;
    private final Path weed;
    private final TestDirectory directory;
    private final Asking asking;
    private final int mostVolumes;
    private final List<PortPair> masterPorts = new ArrayList<>();
    private final List<PortPair> volumePorts = new ArrayList<>();
    private final Map<String, ManagedProcess> processes = new HashMap<>();

    /** @param mostVolumes of a volume server; 0 for what is usual */
    Cluster(Form form, Path weed, TestDirectory directory, Asking asking, int mostVolumes) {
        this.form = form;
        this.weed = weed;
        this.directory = directory;
        this.asking = asking;
        this.mostVolumes = mostVolumes;
        for (int i = 0; i < SERVERS; i++) {
            masterPorts.add(PortPair.reserve());
            volumePorts.add(PortPair.reserve());
        }
    }

    /** Host and port of a master. */
    String master(int index) {
        return "localhost:" + masterPorts.get(index).http();
    }

    /** Host and port of a volume server. */
    String volume(int index) {
        return "localhost:" + volumePorts.get(index).http();
    }

    List<ServerAddress> masters() {
        return masterPorts.stream().map(ports -> ServerAddress.parse("localhost:" + ports.http())).toList();
    }

    /** Starts whatever does not run; returns at once. */
    void startAll() {
        for (int i = 0; i < SERVERS; i++) {
            if (form == Form.THREE) {
                start("server" + i, "server", "-master.ip=localhost", "-master.port=" + masterPorts.get(i).http(), "-dir=./" + i,
                        "-volume.port=" + volumePorts.get(i).http(), "-master.peers=" + peers(), "-volume.preStopSeconds=0");
            } else {
                start("master" + i, "master", "-ip=localhost", "-port=" + masterPorts.get(i).http(), "-mdir=./" + i,
                        "-peers=" + peers());
                List<String> volume = new ArrayList<>(List.of("-ip=localhost", "-dir=./" + i,
                        "-port=" + volumePorts.get(i).http(), "-mserver=" + peers(), "-preStopSeconds=0"));
                if (mostVolumes > 0) volume.add("-max=" + mostVolumes);
                start("volume" + i, "volume", volume.toArray(new String[0]));
            }
        }
    }

    /** The process in which a master runs. */
    ManagedProcess masterProcess(int index) {
        return processes.get((form == Form.THREE ? "server" : "master") + index);
    }

    /** Kills everything at the same moment. */
    void killAll() throws InterruptedException {
        for (ManagedProcess process : processes.values()) process.signal(Signal.KILL);
        for (ManagedProcess process : processes.values()) process.kill();
    }

    int awaitLeader() throws InterruptedException {
        return Await.value("a master leads", Await.LONGEST, () -> {
            for (int i = 0; i < SERVERS; i++) {
                if (asking.text(master(i) + "/cluster/status").contains("\"IsLeader\":true")) return Optional.of(i);
            }
            return Optional.empty();
        });
    }

    /** Waits until every master lists all volume servers, and none of them only because it was there before. */
    void awaitWell() throws InterruptedException {
        for (int i = 0; i < SERVERS; i++) {
            String master = master(i);
            Await.until(master + " lists all volume servers", Await.LONGEST, () -> isWhole(master));
        }
    }

    private boolean isWhole(String master) throws IOException, InterruptedException {
        String tree = asking.text(master + "/dir/status");
        if (tree.contains("presumed")) return false;
        Set<String> nodes = new HashSet<>();
        Matcher found = NODE.matcher(tree);
        while (found.find()) nodes.add(found.group());
        return nodes.size() >= SERVERS;
    }

    private String peers() {
        return masterPorts.stream().map(ports -> "localhost:" + ports.http()).collect(Collectors.joining(","));
    }

    private void start(String name, String command, String... arguments) {
        ManagedProcess before = processes.get(name);
        if (before != null && before.isAlive()) return;
        processes.put(name, ManagedProcess.start(ProcessPlan.of(name, directory.path(), List.of(weed.toString(), command))
                .withArguments(arguments)));
    }

    @Override
    public void close() {
        processes.values().forEach(ManagedProcess::close);
        masterPorts.forEach(PortPair::close);
        volumePorts.forEach(PortPair::close);
    }
}
