package dev.kelpfs.master.simulation;

import dev.kelpfs.core.FileId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.wire.kelp.FailedWrite;
import dev.kelpfs.wire.kelp.FailedWriteNoted;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedBlockingStub;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A program that stores files through any master, looks them up, and reads them back. */
final class ClientMachine {
    private static final Duration STORE_LIMIT = Duration.ofSeconds(3);
    private static final int ASSIGN_SECONDS = 11;
    private static final int LOOKUP_SECONDS = 4;
    private static final int REPORT_SECONDS = 2;
    private static final int LARGEST_FILE = 12 << 20;
    private static final List<String> PLACEMENTS = List.of("000", "000", "000", "001", "010");

    final Machine machine;
    private final Simulation.World world;
    private final SplittableRandom random;
    private final boolean streams;
    private final boolean greedy;
    private final Life life;
    private final RpcChannels channels;
    private @Nullable StreamObserver<AssignRequest> stream;
    private boolean over;

    /** @param streams asks for many places over one connection */
    ClientMachine(Machine machine, boolean streams, Simulation.World world, Seed seed) {
        this.machine = machine;
        this.streams = streams;
        this.world = world;
        this.random = seed.random();
        this.greedy = random.nextInt(4) == 0;
        this.life = new Life(machine, world.time(), world.history());
        this.channels = SimulatedChannel.of(life, world.network(), world.history());
        machine.revive(life);
    }

    void start() {
        life.start(this::work);
    }

    /** It begins nothing new. */
    void stop() {
        over = true;
    }

    private void work() {
        try {
            while (!over) {
                life.sleep(Duration.ofMillis(20 + random.nextInt(400)));
                if (random.nextInt(3) == 0 && world.files().count() > 0) lookUp();
                else if (streams) streamed();
                else assign(anyMaster(), wish()).ifPresent(this::store);
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private Machine anyMaster() {
        List<MasterMachine> masters = world.cluster().masters;
        return masters.get(random.nextInt(masters.size())).machine;
    }

    private AssignRequest wish() {
        boolean many = greedy || random.nextInt(4) == 0;
        return AssignRequest.newBuilder().setCount(many ? 1 + random.nextInt(10_000) : 1)
                .setReplication(PLACEMENTS.get(random.nextInt(PLACEMENTS.size())))
                .setCollection(random.nextInt(5) == 0 ? "pictures" : "").build();
    }

    private SeaweedBlockingStub master(Machine master, int seconds) {
        return SeaweedGrpc.newBlockingStub(channels.to(master.address)).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    /** A place to write to, if the master gives one. */
    Optional<AssignResponse> assign(Machine master, AssignRequest wish) {
        try {
            AssignResponse answer = master(master, ASSIGN_SECONDS).assign(wish);
            return answer.getError().isEmpty() ? Optional.of(answer) : Optional.empty();
        } catch (StatusRuntimeException refused) {
            world.history().note(machine + " gets no place from " + master + ": " + refused.getMessage());
            return Optional.empty();
        }
    }

    private void streamed() {
        StreamObserver<AssignRequest> open = stream;
        if (open == null) {
            open = SeaweedGrpc.newStub(channels.to(anyMaster().address)).streamAssign(new Answers());
            stream = open;
        }
        open.onNext(wish());
    }

    private final class Answers implements StreamObserver<AssignResponse> {
        @Override
        public void onNext(AssignResponse answer) {
            if (answer.getError().isEmpty()) life.start(() -> store(answer));
            else stream = null;
        }

        @Override
        public void onError(Throwable ended) {
            stream = null;
        }

        @Override
        public void onCompleted() {
            stream = null;
        }
    }

    /** Writes to all places, and notes it if all have it. */
    void store(AssignResponse place) {
        FileId first = FileId.parse(place.getFid());
        FileId id = new FileId(
                first.volume(), new dev.kelpfs.core.NeedleKey(first.key().bits() + random.nextLong(place.getCount())), first.cookie());
        long bytes = 1 + random.nextInt(LARGEST_FILE);
        List<VolumeMachine> servers = new ArrayList<>();
        for (String url : Cluster.urls(place)) {
            VolumeMachine server = world.cluster().server(url);
            Optional<Boolean> stored = ask(server, store -> store.write(id.volume().bits(), id.key().bits(), bytes));
            if (stored.isEmpty()) {
                report(url);
                return;
            }
            if (!stored.get() && server.store.hasLost(id.volume().bits())) return;
            if (!stored.get()) {
                world.history().isBroken("what was given out can be written", server + " did not take " + id);
                return;
            }
            servers.add(server);
        }
        world.files().acknowledged(id, servers);
    }

    /** Tells any master of a server that did not answer, as our client does; nobody waits for that. */
    private void report(String url) {
        MastersGrpc.newStub(channels.to(anyMaster().address)).withDeadlineAfter(REPORT_SECONDS, TimeUnit.SECONDS)
                .reportFailedWrite(FailedWrite.newBuilder().setServer(url).build(), new StreamObserver<>() {
                    @Override
                    public void onNext(FailedWriteNoted noted) {}

                    @Override
                    public void onError(Throwable lost) {}

                    @Override
                    public void onCompleted() {}
                });
    }

    private void lookUp() {
        Files.File file = world.files().any(random);
        lookUp(anyMaster(), file.volume()).ifPresent(urls -> urls.forEach(url -> read(file, world.cluster().server(url))));
    }

    /** Where a master says that a volume is; nothing if it cannot say. */
    Optional<List<String>> lookUp(Machine master, int volume) {
        Set<VolumeMachine> expected = world.files().certain(master, volume);
        try {
            LookupVolumeResponse answer = master(master, LOOKUP_SECONDS)
                    .lookupVolume(LookupVolumeRequest.newBuilder().addVolumeOrFileIds(Integer.toUnsignedString(volume)).build());
            LookupVolumeResponse.VolumeIdLocation entry = answer.getVolumeIdLocations(0);
            world.files().lookedUp(master, volume, entry, expected);
            return Optional.of(entry.getLocationsList().stream().map(location -> location.getUrl()).toList());
        } catch (StatusRuntimeException refused) {
            return Optional.empty();
        }
    }

    private void read(Files.File file, VolumeMachine server) {
        ask(server, store -> store.holds(file.volume(), file.key())).ifPresent(found -> {
            if (file.servers().contains(server)) world.files().read(file, server, found);
        });
    }

    /** Over HTTP. @return nothing if there was no answer in time */
    private <T> Optional<T> ask(VolumeMachine server, Function<Store, T> question) {
        CompletableFuture<Optional<T>> answer = new CompletableFuture<>();
        Network network = world.network();
        network.flow(machine, server.machine).send(() -> {
            Life serving = server.machine.life;
            if (serving == null) {
                if (!server.machine.vanished) answer.complete(Optional.empty());
                return;
            }
            serving.start(() -> {
                T said = question.apply(server.store);
                network.flow(server.machine, machine).send(() -> answer.complete(Optional.of(said)));
            });
        });
        VirtualTime.Timer limit = life.after(STORE_LIMIT, () -> answer.complete(Optional.empty()));
        try {
            return answer.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            limit.cancel();
        }
    }

    Life life() {
        return life;
    }
}
