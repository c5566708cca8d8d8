package dev.kelpfs.master.simulation;

import dev.kelpfs.testkit.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Carries what machines send. Every connection has chance of its own, so that the order in which a program happens to write
 * to several of them does not matter.
 */
final class Network {
    private static final long SHORTEST_NANOS = 50_000;
    private static final int USUAL_NANOS = 1_500_000;
    private static final int SLOW_NANOS = 40_000_000;
    private static final int RESENT_NANOS = 250_000_000;
    private static final double SLOW = 0.03;
    private static final double RESENT = 0.002;
    private static final double LOST = 0.005;

    private final VirtualTime time;
    private final Seed seed;
    private final Map<String, Machine> byGrpcAddress = new HashMap<>();
    private final Map<String, Link> links = new LinkedHashMap<>();

    /** @param isReset the answer of a machine that knows nothing of the connection, which it gives whenever it is asked */
    private record Waiting(Runnable sending, boolean isReset) {}

    /** One direction between two machines. */
    private final class Link {
        private final SplittableRandom random;
        private final List<Waiting> waiting = new ArrayList<>();
        private final Machine from;
        private final Machine to;
        private boolean cut;

        Link(Machine from, Machine to, String name) {
            this.from = from;
            this.to = to;
            this.random = seed.derive(name.hashCode()).random();
        }
    }

    /** What is sent over one connection in one direction arrives in order. */
    final class Flow {
        private final Link link;
        private final SplittableRandom random;
        private long lastArrival;

        private Flow(Link link) {
            this.link = link;
            this.random = link.random.split();
        }

        /** Sends over the connection: it comes, late perhaps, and in order. */
        void send(Runnable arrival) {
            send(arrival, false);
        }

        /** Says that there is no such connection. */
        void reset(Runnable arrival) {
            send(arrival, true);
        }

        private void send(Runnable arrival, boolean isReset) {
            if (link.cut) {
                link.waiting.add(new Waiting(() -> send(arrival, isReset), isReset));
                return;
            }
            lastArrival = Math.max(time.nanos() + delay(random), lastArrival + 1);
            time.after(lastArrival - time.nanos(), arrival);
        }
    }

    /** One direction of a new connection. */
    Flow flow(Machine from, Machine to) {
        return new Flow(link(from, to));
    }

    private static long delay(SplittableRandom random) {
        double kind = random.nextDouble();
        int most = kind < RESENT ? RESENT_NANOS : kind < SLOW ? SLOW_NANOS : USUAL_NANOS;
        return SHORTEST_NANOS + random.nextInt(most);
    }

    Network(VirtualTime time, Seed seed) {
        this.time = time;
        this.seed = seed;
    }

    void add(Machine machine) {
        byGrpcAddress.put(machine.address.grpc(), machine);
    }

    Machine at(String grpcAddress) {
        Machine machine = byGrpcAddress.get(grpcAddress);
        if (machine == null) throw new IllegalArgumentException("no machine has the address " + grpcAddress);
        return machine;
    }

    private Link link(Machine from, Machine to) {
        return links.computeIfAbsent(from.name + ">" + to.name, name -> new Link(from, to, name));
    }

    boolean isCut(Machine from, Machine to) {
        return link(from, to).cut;
    }

    /** No other machine is cut off from it, in any direction. */
    boolean reachesAll(Machine machine) {
        return links.values().stream().noneMatch(link -> link.cut && (link.from == machine || link.to == machine));
    }

    /** Nothing gets through in this direction any more. */
    void cut(Machine from, Machine to) {
        link(from, to).cut = true;
        mark(from, to);
    }

    /** Everything gets through again; what connections kept sending arrives now. */
    void heal(Machine from, Machine to) {
        Link link = link(from, to);
        if (!link.cut) return;
        link.cut = false;
        mark(from, to);
        List<Waiting> waiting = List.copyOf(link.waiting);
        link.waiting.clear();
        waiting.forEach(one -> one.sending.run());
    }

    /** Without power a machine sends nothing again that did not get through. */
    void powerLost(Machine machine) {
        links.values().stream().filter(link -> link.from == machine).forEach(link -> link.waiting.removeIf(one -> !one.isReset));
    }

    private void mark(Machine from, Machine to) {
        from.troubled(time.nanos());
        to.troubled(time.nanos());
    }

    /** Sends once: it may be lost. */
    void post(Machine from, Machine to, Runnable arrival) {
        Link link = link(from, to);
        long delay = delay(link.random);
        boolean lost = link.random.nextDouble() < LOST;
        if (!link.cut && !lost) time.after(delay, arrival);
    }
}
