package dev.kelpfs.master.simulation;

import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks, after trouble, until everything works through every master again and everything that was stored is found. */
final class Recovery {
    /** Servers of the reference need up to 11 s, and some waits in between add up. */
    static final Duration LONGEST = Duration.ofSeconds(40);
    private static final Duration AGAIN = Duration.ofMillis(250);
    private static final List<String> PLACEMENTS = List.of("000", "010");

    private final Simulation.World world;
    private final ClientMachine client;
    private String missing = "nothing was tried";
    private boolean over;

    Recovery(Simulation.World world, ClientMachine client) {
        this.world = world;
        this.client = client;
    }

    void begin() {
        client.stop();
        client.life().start(() -> {
            try {
                for (MasterMachine master : world.cluster().masters) {
                    for (String placement : PLACEMENTS) awaitPlace(master, placement);
                    for (int volume : world.files().volumes()) awaitVolume(master, volume);
                    for (VolumeMachine server : world.cluster().servers) awaitRegistry(master, server);
                }
                world.files().all().forEach(file -> file.servers().forEach(server ->
                        world.files().read(file, server, server.store.holds(file.volume(), file.key()))));
                over = true;
            } catch (InterruptedException never) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void awaitPlace(MasterMachine master, String placement) throws InterruptedException {
        missing = master + " gives no place for " + placement;
        Optional<AssignResponse> place = assign(master, placement);
        while (place.isEmpty()) {
            client.life().sleep(AGAIN);
            place = assign(master, placement);
        }
    }

    private Optional<AssignResponse> assign(MasterMachine master, String placement) {
        return client.assign(master.machine, AssignRequest.newBuilder().setCount(1).setReplication(placement).build());
    }

    /** Until the master names all servers that have the volume. */
    private void awaitVolume(MasterMachine master, int volume) throws InterruptedException {
        Optional<List<String>> found = client.lookUp(master.machine, volume);
        while (found.isEmpty() || !Set.copyOf(found.get()).equals(holders(volume))) {
            missing = master + " finds volume " + volume + " at " + found + " instead of " + holders(volume);
            client.life().sleep(AGAIN);
            found = client.lookUp(master.machine, volume);
        }
    }

    /** Until the registry of the master says of a server what is true. */
    private void awaitRegistry(MasterMachine master, VolumeMachine server) throws InterruptedException {
        while (true) {
            boolean isUp = master.log().read(state ->
                    state.registry().node(server.machine.name).filter(RegisteredNode::getUp).isPresent());
            Set<Integer> registered = master.log().read(state -> state.registry().replicas(server.machine.name).stream()
                    .map(RegisteredReplica::getVolumeId).collect(Collectors.toSet()));
            Set<Integer> held = server.store.list().stream().map(VolumeInformationMessage::getId).collect(Collectors.toSet());
            if (isUp && registered.equals(held)) return;
            missing = "the registry of " + master + " says that " + server + " is " + (isUp ? "up" : "down") + " and has " + registered
                    + " instead of " + held;
            client.life().sleep(AGAIN);
        }
    }

    private Set<String> holders(int volume) {
        return world.cluster().holdersOf(volume).stream().map(server -> server.machine.address.http()).collect(Collectors.toSet());
    }

    boolean isOver() {
        return over;
    }

    String missing() {
        return missing;
    }
}
