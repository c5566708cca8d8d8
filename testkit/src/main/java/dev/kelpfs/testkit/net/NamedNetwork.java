package dev.kelpfs.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Machines that exist by name only, all of them on this one, and a network between them that can fail in every direction.
 *
 * <p>Machine n calls itself {@code m<n>} and has the address {@code 127.0.2.<n>}. What it takes for machine k is
 * {@code 127.1.<n>.<k>}, where a proxy listens, which so knows who speaks to whom; ports are the same. A Java process belongs
 * to a machine by {@link #javaOption}, which gives it a hosts file of its own. No rights are needed, but Linux, where all of
 * 127.0.0.0/8 is this machine. Programs outside of the network, such as tests, reach everybody by {@link #reach} at any time.
 * Safe for all threads.
 */
public final class NamedNetwork implements AutoCloseable {
    private static final int MAX_MACHINES = 250;
    private static final String HOSTS_OPTION = "-Djdk.net.hosts.file=";
    private static final String OUTSIDE = "outside";
    private static final Pattern NAME = Pattern.compile("^m(\\d+):");

    private final Path directory;
    private final int machines;
    /** Ports of the machines that have joined. Guarded by this. */
    private final Map<Integer, List<Integer>> joined = new HashMap<>();
    /** Guarded by this. */
    private final List<Link> links = new ArrayList<>();

    /** What one machine opens to one port of another. */
    private record Link(int sender, int receiver, TcpProxy proxy) {
        boolean touches(int machine) {
            return sender == machine || receiver == machine;
        }
    }

    /**
     * @param directory takes the hosts files; must exist
     * @param machines how many may join one after the other, 1 to 250; each knows the names of all from its beginning
     */
    public NamedNetwork(Path directory, int machines) {
        if (machines < 1 || machines > MAX_MACHINES) {
            throw new IllegalArgumentException("1 to " + MAX_MACHINES + " machines, not " + machines);
        }
        this.directory = directory;
        this.machines = machines;
        try {
            Files.writeString(hostsFile(OUTSIDE), hosts(0));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write a hosts file in " + directory, failed);
        }
    }

    /** How a machine calls itself, and is called by the others. */
    public static String name(int machine) {
        return "m" + machine;
    }

    /** An option of the JVM that makes a process live on a machine, once it has joined. */
    public String javaOption(int machine) {
        return HOSTS_OPTION + hostsFile(name(machine));
    }

    /** The same for a process on none of the machines, which reaches all of them at any time. */
    public String javaOptionOutside() {
        return HOSTS_OPTION + hostsFile(OUTSIDE);
    }

    /**
     * A host and what follows it ({@code m2:8080/3,01637037d6}), as a program reaches it that is on none of the machines;
     * anything that does not begin with the name and a port of a machine comes back as it is.
     */
    public static String reach(String hostAndRest) {
        Matcher name = NAME.matcher(hostAndRest);
        return name.find() ? address(Integer.parseInt(name.group(1))) + hostAndRest.substring(name.end() - 1) : hostAndRest;
    }

    /** Connects a machine with all that have joined. @param ports where it listens or will listen */
    public synchronized void join(int machine, List<Integer> ports) throws IOException {
        if (machine < 1 || machine > machines) throw new IllegalArgumentException("there are machines 1 to " + machines);
        if (joined.containsKey(machine)) throw new IllegalArgumentException(name(machine) + " has joined already");
        Files.writeString(hostsFile(name(machine)), hosts(machine));
        for (Map.Entry<Integer, List<Integer>> other : joined.entrySet()) {
            for (int port : ports) links.add(link(other.getKey(), machine, port));
            for (int port : other.getValue()) links.add(link(machine, other.getKey(), port));
        }
        joined.put(machine, List.copyOf(ports));
    }

    /** Takes a machine out for ever: its connections are reset, and nobody finds it any more. */
    public synchronized void leave(int machine) {
        joined.remove(machine);
        links.stream().filter(link -> link.touches(machine)).forEach(link -> link.proxy.close());
        links.removeIf(link -> link.touches(machine));
    }

    /** What happens from now on to everything that one machine sends to another, whoever opened the connection. */
    public void send(int from, int to, Flow flow) {
        apply(link -> link.sender == from && link.receiver == to, proxy -> proxy.toReceiver(flow));
        apply(link -> link.sender == to && link.receiver == from, proxy -> proxy.toSender(flow));
    }

    /** Resets all connections that one machine has opened to another, and refuses new ones. */
    public void refuse(int from, int to) {
        apply(link -> link.sender == from && link.receiver == to, proxy -> {
            proxy.refuseNew();
            proxy.cut();
        });
    }

    /**
     * Says whether the process of a machine is there: the ports of one that is not refuse connections, as they would without
     * proxies. What is open stays open.
     */
    public void listening(int machine, boolean there) {
        apply(link -> link.receiver == machine, there ? NamedNetwork::accept : TcpProxy::refuseNew);
    }

    /** The network is whole again, with everybody listening. Connections that have lost bytes are reset as soon as they carry any. */
    public void heal() {
        apply(_ -> true, proxy -> {
            proxy.both(Flow.PASS);
            accept(proxy);
        });
    }

    private static void accept(TcpProxy proxy) {
        try {
            proxy.acceptNew();
        } catch (IOException taken) {
            throw new UncheckedIOException("the address of " + proxy + " was taken meanwhile", taken);
        }
    }

    private synchronized void apply(Predicate<Link> which, Consumer<TcpProxy> what) {
        links.stream().filter(which).map(Link::proxy).forEach(what);
    }

    private static Link link(int sender, int receiver, int port) throws IOException {
        return new Link(sender, receiver, TcpProxy.start(name(sender), name(receiver),
                new InetSocketAddress(seenBy(sender, receiver), port), new InetSocketAddress(address(receiver), port)));
    }

    private Path hostsFile(String of) {
        return directory.resolve("hosts-" + of);
    }

    /** @param self 0 for outside */
    private String hosts(int self) {
        StringBuilder lines = new StringBuilder("127.0.0.1 localhost\n");
        for (int machine = 1; machine <= machines; machine++) {
            String address = self == 0 || machine == self ? address(machine) : seenBy(self, machine);
            lines.append(address).append(' ').append(name(machine)).append('\n');
        }
        return lines.toString();
    }

    private static String address(int machine) {
        return "127.0.2." + machine;
    }

    private static String seenBy(int machine, int other) {
        return "127.1." + machine + "." + other;
    }

    @Override
    public synchronized void close() {
        links.forEach(link -> link.proxy.close());
        links.clear();
        joined.clear();
    }
}
