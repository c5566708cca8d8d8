package dev.kelpfs.master.simulation;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.MasterParts;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A master: a consensus node, and over it everything that a real one has. */
final class MasterMachine {
    final Machine machine;
    private final ConsensusDisk disk = new ConsensusDisk();
    private final Simulation.World world;
    private final Seed seed;
    private int lives;
    private List<MasterMachine> all = List.of();
    private @Nullable SimulatedLog log;
    private @Nullable ConsensusNode node;
    private @Nullable MasterParts parts;

    MasterMachine(Machine machine, Simulation.World world, Seed seed) {
        this.machine = machine;
        this.world = world;
        this.seed = seed;
    }

    void start(List<MasterMachine> masters) {
        world.history().note(machine + " starts");
        all = masters;
        disk.loseUnsynced();
        Life life = new Life(machine, world.time(), world.history());
        machine.revive(life);
        machine.troubled(world.time().nanos());
        Seed ofLife = seed.derive(lives++);
        Map<String, Machine> byName = masters.stream().collect(Collectors.toMap(each -> each.machine.name, each -> each.machine));
        Function<String, ServerAddress> addresses = name -> byName.get(name).address;
        SimulatedLog opened = new SimulatedLog(life, disk, world.history(), ofLife.derive(0).random(), addresses);
        List<String> members = masters.stream().map(each -> each.machine.name).toList();
        ConsensusNode decider = new ConsensusNode(
                machine.name, members, life, disk, ofLife.derive(1).random(), this::post, opened);
        opened.decidedBy(decider);
        log = opened;
        node = decider;
        life.start(() -> begin(life, opened, decider, ofLife));
    }

    private void begin(Life life, SimulatedLog opened, ConsensusNode decider, Seed ofLife) {
        decider.start();
        ExecutorService threads = new ThreadsOfLife();
        MasterParts made = new MasterParts(new MasterParts.World(
                opened, machine.address, all.stream().map(each -> each.machine.address).toList(), "the cluster", life, life,
                ofLife.derive(2).random(), SimulatedChannel.of(life, world.network(), world.history()), threads, decider::handOver));
        made.services().forEach(life::serve);
        parts = made;
        try {
            made.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void post(String to, RaftMessage message) {
        MasterMachine other = all.stream().filter(each -> each.machine.name.equals(to)).findAny().orElseThrow();
        world.network().post(machine, other.machine, () -> other.receive(machine.name, message));
    }

    private void receive(String from, RaftMessage message) {
        Life life = machine.life;
        ConsensusNode receiver = node;
        if (life != null && receiver != null) life.start(() -> receiver.receive(from, message));
    }

    /** Hands leadership over and stops in order. */
    void stop() {
        Life life = machine.life;
        MasterParts running = parts;
        if (life == null || running == null) return;
        world.history().note(machine + " stops in order");
        machine.troubled(world.time().nanos());
        life.start(running::stop);
    }

    /** Its log takes nothing for a while, though it leads. */
    void busyFor(Duration length) {
        SimulatedLog known = log;
        if (!machine.isUp() || known == null) return;
        world.history().note("the log of " + machine + " takes nothing for " + length.toMillis() + " ms");
        machine.troubled(world.time().nanos());
        known.busyFor(length);
    }

    /** Whether it leads as far as it knows, without looking whether it still does. */
    boolean believesToLead() {
        ConsensusNode known = node;
        return machine.isUp() && known != null && known.leads();
    }

    /** The others see that the process of this one is gone, and one after the other stands. */
    void announceDeath() {
        ConsensusNode last = node;
        if (last == null || !last.leads()) return;
        long term = last.term();
        long turn = 0;
        for (MasterMachine other : all) {
            Life life = other.machine.life;
            ConsensusNode survivor = other.node;
            if (other == this || life == null || survivor == null) continue;
            boolean hears = !world.network().isCut(machine, other.machine) && !world.network().isCut(other.machine, machine);
            long delay = 2_000_000 + turn * 100_000_000;
            if (hears) world.time().after(delay, () -> life.start(() -> survivor.leaderIsGone(machine.name, term)));
            turn++;
        }
    }

    long highestVolumeId() {
        SimulatedLog opened = log;
        return opened == null ? 0 : opened.read(MasterState::highestVolumeId);
    }

    StateLog log() {
        SimulatedLog opened = log;
        if (opened == null) throw new IllegalStateException(machine + " was never started");
        return opened;
    }

    @Override
    public String toString() {
        return machine.name;
    }
}
