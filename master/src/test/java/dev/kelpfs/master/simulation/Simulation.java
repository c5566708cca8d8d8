package dev.kelpfs.master.simulation;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One run: a cluster begins, works in trouble, and must be whole again soon after the trouble is over. Equal seeds give equal
 * runs.
 */
final class Simulation {
    private static final Duration CALM = Duration.ofSeconds(3);
    private static final int TROUBLE_MILLIS = 15_000;
    private static final int MORE_TROUBLE_MILLIS = 10_000;
    private static final int MAX_DISTURBED = 5;
    private static final double DRIFT = 0.01;
    /** Enough for the volumes that are being made while a server with volumes of its own knocks. */
    private static final int AHEAD = 100;
    private static final long BROUGHT_KEYS_STEP = 100_000_000L;

    /** What everybody in it shares. */
    record World(VirtualTime time, Network network, History history, Cluster cluster, Files files) {}

    /**
     * What a run came to.
     *
     * @param fingerprint of all that happened
     */
    record Outcome(long fingerprint, long steps, int files, int placesGiven) {}

    private final Seed seed;
    private final SplittableRandom random;
    private final VirtualTime time;
    private final History history;
    private final World world;
    private final List<ClientMachine> clients = new ArrayList<>();

    private Simulation(Seed seed) {
        this.seed = seed;
        this.random = seed.derive(0).random();
        this.time = new VirtualTime(seed.derive(3));
        this.history = new History(time);
        Network network = new Network(time, seed.derive(1));
        List<MasterMachine> masters = new ArrayList<>();
        Cluster cluster = new Cluster(masters, time, network, history);
        Files files = new Files(time, history, cluster);
        history.watch(cluster, files);
        this.world = new World(time, network, history, cluster, files);
        int count = random.nextInt(6) == 0 ? 5 : 3;
        for (int i = 1; i <= count; i++) masters.add(new MasterMachine(machine("m" + i, 9333), world, seed.derive(100 + i)));
        List<Machine> addresses = masters.stream().map(master -> master.machine).toList();
        int servers = 3 + random.nextInt(2);
        for (int i = 1; i <= servers; i++) {
            boolean isKelp = random.nextInt(5) > 0;
            String rack = i % 2 == 0 ? "r1" : "r2";
            cluster.servers.add(new VolumeMachine(machine("v" + i, 8080), rack, isKelp, addresses, world, seed.derive(300 + i)));
        }
        if (random.nextInt(3) == 0) {
            time.after(CALM.toNanos() + random.nextInt(TROUBLE_MILLIS) * 1_000_000L, () -> joinWithVolumes(addresses));
        }
        for (int i = 1; i <= 3; i++) clients.add(new ClientMachine(machine("c" + i, 1000), i == 3, world, seed.derive(200 + i)));
    }

    private Machine machine(String name, int port) {
        Machine machine = new Machine(name, port, 1 + random.nextDouble(-DRIFT, DRIFT), random.nextLong(1L << 50));
        world.network().add(machine);
        return machine;
    }

    /** A server of another cluster joins, whose volumes and keys are ahead of what this one gave out. */
    private void joinWithVolumes(List<Machine> masters) {
        VolumeMachine server = new VolumeMachine(machine("v9", 8080), "r1", true, masters, world, seed.derive(309));
        long highest = world.cluster().masters.stream().mapToLong(MasterMachine::highestVolumeId).max().orElse(0);
        int first = (int) highest + AHEAD;
        for (int volume = first; volume < first + 3; volume++) {
            server.store.make(VolumeInformationMessage.newBuilder().setId(volume).setVersion(3).build());
            for (int i = 1; i <= 20; i++) server.store.write(volume, i * BROUGHT_KEYS_STEP, 1 << 20);
        }
        world.files().brought(server, first, first + 2);
        world.cluster().servers.add(server);
        server.start();
    }

    /**
     * Runs to the end.
     *
     * @throws BrokenInvariantException if an invariant is broken
     */
    static Outcome run(Seed seed) {
        for (int tries = 1; ; tries++) {
            Simulation simulation = new Simulation(seed);
            boolean last = tries == MAX_DISTURBED;
            try {
                Outcome outcome = simulation.run();
                if (last || !simulation.time.wasDisturbed()) return outcome;
            } catch (BrokenInvariantException broken) {
                if (last || !simulation.time.wasDisturbed()) throw broken;
            }
        }
    }

    private Outcome run() {
        List<MasterMachine> masters = world.cluster().masters;
        masters.forEach(master -> time.after(random.nextInt(1_000_000_000), () -> master.start(masters)));
        world.cluster().servers.forEach(server -> time.after(random.nextInt(1_000_000_000), server::start));
        clients.forEach(ClientMachine::start);
        Trouble trouble = new Trouble(world, clients.stream().map(client -> client.machine).toList(), seed.derive(2));
        time.after(CALM.toNanos(), trouble::begin);
        long troubled = CALM.toNanos() + (TROUBLE_MILLIS + random.nextInt(MORE_TROUBLE_MILLIS)) * 1_000_000L;
        time.runUntil(troubled, history::isIntact);
        history.check();
        trouble.end();
        Recovery recovery = new Recovery(world, clients.getFirst());
        recovery.begin();
        time.runUntil(troubled + Recovery.LONGEST.toNanos(), () -> history.isIntact() && !recovery.isOver());
        if (!recovery.isOver()) history.isBroken("the cluster is whole again soon after trouble is over", recovery.missing());
        history.check();
        return new Outcome(history.fingerprint(), time.steps(), world.files().count(), history.issued());
    }
}
