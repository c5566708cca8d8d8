package dev.kelpfs.master.simulation;

import dev.kelpfs.testkit.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What goes wrong: one thing after the other and at once, until it all ends. Every fault mends itself, or at the end. */
final class Trouble {
    private static final int SHORTEST_PAUSE_MILLIS = 100;
    private static final int USUAL_PAUSE_MILLIS = 2500;

    private final Simulation.World world;
    private final SplittableRandom random;
    private final List<Machine> clients;
    private boolean over;

    Trouble(Simulation.World world, List<Machine> clients, Seed seed) {
        this.world = world;
        this.clients = clients;
        this.random = seed.random();
    }

    void begin() {
        world.time().after(millis(SHORTEST_PAUSE_MILLIS, USUAL_PAUSE_MILLIS), () -> {
            if (over) return;
            next();
            begin();
        });
    }

    /** Mends everything. */
    void end() {
        over = true;
        world.history().note("trouble is over");
        List<Machine> all = machines();
        for (Machine from : all) {
            for (Machine to : all) world.network().heal(from, to);
        }
        masters().forEach(this::mend);
        world.cluster().servers.forEach(this::mend);
    }

    private void next() {
        switch (random.nextInt(15)) {
            case 0, 1 -> kill(leaderOrAny(), random.nextInt(4) > 0);
            case 2 -> kill(anyMaster(), random.nextInt(4) > 0);
            case 3 -> kill(anyServer(), random.nextBoolean());
            case 4 -> {
                // Both on one machine.
                boolean withPower = random.nextBoolean();
                kill(leaderOrAny(), withPower);
                kill(anyServer(), withPower);
            }
            case 5 -> pause(leaderOrAny().machine);
            case 6 -> pause(random.nextBoolean() ? anyMaster().machine : anyServer().machine);
            case 7 -> {
                MasterMachine master = leaderOrAny();
                master.stop();
                world.time().after(millis(100, 400), () -> kill(master, true));
            }
            case 8 -> {
                VolumeMachine server = anyServer();
                server.stop();
                world.time().after(millis(20, 200), () -> kill(server, true));
            }
            case 9 -> isolate(random.nextBoolean() ? leaderOrAny().machine : anyMaster().machine);
            case 10 -> isolate(anyServer().machine);
            case 11 -> separate();
            case 12 -> anyServer().cutConnections();
            case 13 -> jumpOrRestartAll();
            case 14 -> leaderOrAny().busyFor(Duration.ofNanos(millis(500, 6000)));
            default -> throw new IllegalStateException("no such trouble");
        }
    }

    private void jumpOrRestartAll() {
        if (random.nextInt(3) == 0) {
            world.history().note("all masters die");
            masters().forEach(master -> kill(master, true));
            return;
        }
        List<Machine> all = machines();
        Machine machine = all.get(random.nextInt(all.size()));
        machine.wallOffset = Duration.ofSeconds(random.nextLong(-1_000_000, 1_000_000));
        world.history().note("the clock of " + machine + " is wrong by " + machine.wallOffset);
    }

    private void kill(MasterMachine master, boolean withPower) {
        if (!master.machine.isUp()) return;
        world.history().note(master + (withPower ? " is killed" : " loses power"));
        kill(master.machine, withPower);
        if (withPower) master.announceDeath();
        world.time().after(millis(500, 8000), () -> mend(master));
    }

    private void kill(VolumeMachine server, boolean withPower) {
        if (!server.machine.isUp()) return;
        world.history().note(server + (withPower ? " is killed" : " loses power"));
        kill(server.machine, withPower);
        world.time().after(millis(500, 12_000), () -> mend(server));
    }

    private void kill(Machine machine, boolean withPower) {
        machine.kill(withPower, world.time().nanos());
        if (!withPower) world.network().powerLost(machine);
    }

    private void mend(MasterMachine master) {
        if (!master.machine.isUp()) master.start(masters());
        resume(master.machine);
    }

    private void mend(VolumeMachine server) {
        if (!server.machine.isUp()) {
            if (random.nextInt(3) == 0) server.loseEmptyVolume();
            server.start();
        }
        resume(server.machine);
    }

    private void pause(Machine machine) {
        Life life = machine.life;
        if (life == null || life.isPaused()) return;
        world.history().note(machine + " is paused");
        machine.troubled(world.time().nanos());
        life.pauseAfter(random.nextBoolean() ? 0 : random.nextInt(30));
        world.time().after(random.nextBoolean() ? millis(50, 1000) : millis(1000, 10_000), () -> resume(machine));
    }

    private void resume(Machine machine) {
        Life life = machine.life;
        if (life == null) return;
        if (life.isPaused()) world.history().note(machine + " goes on");
        machine.troubled(world.time().nanos());
        life.resume();
    }

    /** Cuts a machine off from some or all others, in one direction or both. */
    private void isolate(Machine machine) {
        int kind = random.nextInt(3);
        boolean fromClientsToo = random.nextBoolean();
        List<Machine> others = machines().stream()
                .filter(other -> other != machine && (fromClientsToo || !clients.contains(other))).toList();
        world.history().note(machine + " is cut off, kind " + kind + (fromClientsToo ? "" : ", not from clients"));
        for (Machine other : others) {
            if (kind != 1) world.network().cut(machine, other);
            if (kind != 2) world.network().cut(other, machine);
        }
        world.time().after(millis(200, 8000), () -> {
            world.history().note(machine + " is reached again");
            others.forEach(other -> healBoth(machine, other));
        });
    }

    /** Cuts two machines off from each other. */
    private void separate() {
        Machine master = anyMaster().machine;
        List<Machine> all = machines();
        Machine other = all.get(random.nextInt(all.size()));
        if (other == master) return;
        boolean both = random.nextBoolean();
        world.history().note(master + " does not reach " + other + (both ? " nor the other way round" : ""));
        world.network().cut(master, other);
        if (both) world.network().cut(other, master);
        world.time().after(millis(200, 10_000), () -> healBoth(master, other));
    }

    private void healBoth(Machine one, Machine other) {
        world.network().heal(one, other);
        world.network().heal(other, one);
    }

    private List<MasterMachine> masters() {
        return world.cluster().masters;
    }

    private MasterMachine anyMaster() {
        return masters().get(random.nextInt(masters().size()));
    }

    private MasterMachine leaderOrAny() {
        return world.cluster().leader().orElseGet(this::anyMaster);
    }

    private VolumeMachine anyServer() {
        List<VolumeMachine> servers = world.cluster().servers;
        return servers.get(random.nextInt(servers.size()));
    }

    private List<Machine> machines() {
        List<Machine> all = new ArrayList<>(clients);
        masters().forEach(master -> all.add(master.machine));
        world.cluster().servers.forEach(server -> all.add(server.machine));
        return all;
    }

    private long millis(int least, int more) {
        return (least + random.nextInt(more)) * 1_000_000L;
    }
}
