package dev.kelpfs.master.founding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.master.founding.FoundingRule.Known;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.raft.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Masters that try to found a cluster over a network that loses, delays and reorders, and on disks that fail and whose
 * processes die in the middle of a call. Only the network and the time between rounds are made up; what is decided and kept is
 * the real thing.
 */
final class FoundingWorld {
    private static final Path DIRECTORY = Path.of("/mdir/m9333/kelp");
    private static final int MOST_CALLS = 40;
    private static final int MOST_ROUNDS = 200;

    /** Something that happens now or later; nothing if whom it concerns died meanwhile. */
    private interface Event {
        void happen() throws IOException;
    }

    private final class Machine {
        private final ServerAddress address;
        private final boolean mayBeTold;
        private MemoryDisk atRest = new MemoryDisk();
        private FaultyDisk disk = new FaultyDisk(new MemoryDisk(), FaultPlan.NONE);
        /** Null while the process is dead. */
        private @Nullable Candidacy process;
        private boolean searches;
        /** Counts on through all lives. */
        private int round;
        private @Nullable Standing asked;
        private final Map<ServerAddress, Standing> answers = new HashMap<>();

        private Machine(int index, boolean mayBeTold) {
            this.address = ServerAddress.parse("10.0.0." + (index + 1) + ":9333");
            this.mayBeTold = mayBeTold;
        }

        private void start(FaultPlan plan) throws IOException {
            disk = new FaultyDisk(atRest, plan);
            asked = null;
            searches = true;
            try {
                disk.createDirectories(DIRECTORY);
                Identity identity = Identity.open(disk, DIRECTORY, random);
                boolean told = mayBeTold && random.nextBoolean();
                Standing standing = new Standing(
                        new Member(address, identity.incarnation()), addresses, Optional.empty(), "", 0, told, Optional.empty());
                process = new Candidacy(disk, DIRECTORY, identity, standing, random);
            } catch (IOException failed) {
                die();
            }
        }

        private void die() throws IOException {
            process = null;
            atRest = random.nextBoolean() ? disk.afterProcessDeath() : disk.afterPowerLoss(Losses.random(random));
        }

        /** What it says of itself: of its cluster, once it has one. */
        private Standing standing(Candidacy candidacy, Standing otherwise) {
            return candidacy.identity().cluster().map(cluster -> {
                List<Member> founders = foundings.getOrDefault(cluster.group(), List.of());
                Known known = new Known(cluster.group(), cluster.clusterId(), founders, leader(cluster.group(), founders), 1);
                return new Standing(
                        otherwise.self(), addresses, Optional.of(known), "", 0, otherwise.bootstrap(), Optional.<Endorsement>empty());
            }).orElse(otherwise);
        }

        private void beginRound() {
            if (process == null || !searches || process.identity().cluster().isPresent()) return;
            Standing now = process.standing();
            asked = now;
            answers.clear();
            int thisRound = ++round;
            for (Machine other : machines) {
                if (other != this && !isCut(other)) later(() -> other.hear(now, this, thisRound));
            }
        }

        private boolean isCut(Machine other) {
            return cuts.contains(Set.of(address, other.address));
        }

        private void hear(Standing from, Machine sender, int sendersRound) throws IOException {
            Candidacy candidacy = process;
            if (candidacy == null || isCut(sender)) return;
            Standing otherwise = candidacy.standing();
            try {
                if (candidacy.identity().cluster().isEmpty()) otherwise = candidacy.meet(from);
            } catch (IOException failed) {
                otherwise = candidacy.standing();
            }
            if (disk.hasCrashed()) {
                die();
                return;
            }
            Standing answer = standing(candidacy, otherwise);
            later(() -> {
                if (sender.asked != null && sender.round == sendersRound) sender.answers.put(address, answer);
            });
        }

        private void endRound() throws IOException {
            Candidacy candidacy = process;
            Standing then = asked;
            if (candidacy == null || then == null) return;
            asked = null;
            try {
                candidacy.decide(then, answers);
            } catch (IOException failed) {
                // It asks nobody any more, and answers whoever asks.
                searches = false;
            }
            if (disk.hasCrashed()) die();
            check();
        }

        private Optional<UUID> group() throws IOException {
            Candidacy candidacy = process;
            Optional<Identity.Cluster> cluster = Optional.empty();
            if (candidacy != null) cluster = candidacy.identity().cluster();
            else if (atRest.exists(DIRECTORY.resolve("identity"))) cluster = Identity.open(atRest, DIRECTORY, random).cluster();
            cluster.filter(known -> !known.founders().isEmpty()).ifPresent(known -> foundings.put(known.group(), known.founders()));
            return cluster.map(Identity.Cluster::group);
        }
    }

    private final RandomGenerator random;
    private final List<ServerAddress> addresses;
    private final List<Machine> machines = new ArrayList<>();
    private final List<Event> pending = new ArrayList<>();
    private final Map<UUID, List<Member>> foundings = new HashMap<>();
    /** Pairs that do not hear each other. */
    private final Set<Set<ServerAddress>> cuts = new HashSet<>();
    private final boolean directoriesAreLost;
    private boolean perfect;

    /**
     * @param mayBeTold whether masters are started with the word that a majority is enough, now and then
     * @param directoriesAreLost now and then, with everything in them
     */
    FoundingWorld(int size, RandomGenerator random, boolean mayBeTold, boolean directoriesAreLost) {
        this.random = random;
        this.directoriesAreLost = directoriesAreLost;
        for (int i = 0; i < size; i++) machines.add(new Machine(i, mayBeTold));
        this.addresses = machines.stream().map(machine -> machine.address).toList();
    }

    /** @return true if the cluster was founded before all was well again */
    boolean run(int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            step();
            check();
        }
        boolean founded = !groups().isEmpty();
        if (!directoriesAreLost) recover();
        return founded;
    }

    private void step() throws IOException {
        Machine machine = machines.get(random.nextInt(machines.size()));
        int dice = random.nextInt(1000);
        if (dice < 750 && !pending.isEmpty()) {
            Event event = pending.remove(random.nextInt(pending.size()));
            if (random.nextInt(20) > 0) event.happen();
        } else if (dice < 850) {
            if (machine.asked == null) machine.beginRound();
        } else if (dice < 920) {
            // Now and then a round ends before all have answered.
            if (machine.answers.size() == machines.size() - 1 || random.nextInt(4) == 0) machine.endRound();
        } else if (dice < 970) {
            changeCuts();
        } else if (machine.process == null) {
            machine.start(trouble());
        } else if (dice < 980) {
            machine.die();
            if (directoriesAreLost && random.nextInt(3) == 0) machine.atRest = new MemoryDisk();
        }
    }

    /** Some masters do not hear each other for a while. */
    private void changeCuts() {
        cuts.clear();
        if (random.nextBoolean()) return;
        for (Machine from : machines) {
            for (Machine to : machines) {
                if (from != to && random.nextInt(3) == 0) cuts.add(Set.of(from.address, to.address));
            }
        }
    }

    /** Of the disk: none, a death in the middle of a call, or a call that fails. */
    private FaultPlan trouble() {
        int number = random.nextInt(1, MOST_CALLS);
        int doneBytes = random.nextInt(60);
        return switch (random.nextInt(3)) {
            case 0 -> FaultPlan.NONE;
            case 1 -> FaultPlan.crashAt(number, doneBytes);
            default -> call -> call.number() == number ? new Fault.Fail(new IOException("bad disk"), doneBytes) : Fault.NONE;
        };
    }

    /** Everybody is up, nothing is lost: then all must come to belong to the one cluster, without a person. */
    private void recover() throws IOException {
        perfect = true;
        pending.clear();
        cuts.clear();
        for (Machine machine : machines) {
            if (machine.process != null) machine.die();
            machine.start(FaultPlan.NONE);
        }
        for (int i = 0; i < MOST_ROUNDS; i++) {
            Machine machine = machines.get(random.nextInt(machines.size()));
            machine.beginRound();
            machine.endRound();
        }
        for (Machine machine : machines) assertThat(machine.group()).as("%s belongs to a cluster", machine.address).isPresent();
        check();
    }

    private void later(Event event) {
        if (!perfect) {
            pending.add(event);
            return;
        }
        try {
            event.happen();
        } catch (IOException impossible) {
            throw new AssertionError("a disk without faults failed", impossible);
        }
    }

    private Optional<ServerAddress> leader(UUID group, List<Member> founders) {
        List<Machine> there = new ArrayList<>();
        for (Machine machine : machines) {
            Candidacy candidacy = machine.process;
            if (candidacy == null || !founders.contains(candidacy.standing().self())) continue;
            if (candidacy.identity().cluster().filter(cluster -> cluster.group().equals(group)).isPresent()) there.add(machine);
        }
        return there.size() > founders.size() / 2 ? Optional.of(there.getFirst().address) : Optional.empty();
    }

    private void check() throws IOException {
        assertThat(groups()).as("clusters").hasSizeLessThanOrEqualTo(1);
        if (!directoriesAreLost) assertThat(foundings).as("foundings").hasSizeLessThanOrEqualTo(1);
    }

    private Set<UUID> groups() throws IOException {
        Set<UUID> groups = new HashSet<>();
        for (Machine machine : machines) machine.group().ifPresent(groups::add);
        return groups;
    }
}
