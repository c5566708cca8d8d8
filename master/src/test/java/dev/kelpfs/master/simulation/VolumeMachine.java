package dev.kelpfs.master.simulation;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import dev.kelpfs.wire.volume.AllocateVolumeResponse;
import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.PingResponse;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import dev.kelpfs.wire.volume.VolumeDeleteResponse;
import dev.kelpfs.wire.volume.VolumeServerGrpc.VolumeServerImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A volume server: keeps files, makes volumes, and keeps the leader informed. */
final class VolumeMachine {
    final Machine machine;
    final Store store = new Store();
    final String rack;
    /** Whether it is one of ours, or one of the reference. */
    final boolean isKelp;

    private final Simulation.World world;
    private final List<Machine> masters;
    private final SplittableRandom random;
    private @Nullable HeartbeatOfServer heartbeat;

    VolumeMachine(Machine machine, String rack, boolean isKelp, List<Machine> masters, Simulation.World world, Seed seed) {
        this.machine = machine;
        this.rack = rack;
        this.isKelp = isKelp;
        this.masters = masters;
        this.world = world;
        this.random = seed.random();
    }

    void start() {
        world.history().note(machine + " starts with " + store.list().size() + " volumes");
        Life life = new Life(machine, world.time(), world.history());
        machine.revive(life);
        machine.troubled(world.time().nanos());
        life.start(() -> {
            life.serve(new Service().bindService());
            HeartbeatOfServer begun = new HeartbeatOfServer(this, life, masters, world, random.split());
            heartbeat = begun;
            begun.start();
        });
    }

    /** Says farewell, and ends a moment later. */
    void stop() {
        Life life = machine.life;
        HeartbeatOfServer known = heartbeat;
        if (life == null || known == null) return;
        world.history().note(machine + " says farewell");
        machine.troubled(world.time().nanos());
        life.start(known::farewell);
    }

    /** While it is down, somebody removes the files of a volume in which nothing was stored yet. */
    void loseEmptyVolume() {
        List<Integer> empty = store.list().stream().map(VolumeInformationMessage::getId).filter(store::isEmpty).toList();
        if (empty.isEmpty()) return;
        int volume = empty.get(random.nextInt(empty.size()));
        world.history().note(machine + " loses volume " + volume);
        store.lose(volume);
    }

    /** All its connections break, the heartbeat's too. */
    void cutConnections() {
        Life life = machine.life;
        if (life == null) return;
        world.history().note("the connections of " + machine + " break");
        machine.troubled(world.time().nanos());
        life.openCalls().forEach(SimulatedCall::cut);
    }

    private static VolumeShortInformationMessage brief(VolumeInformationMessage info) {
        return VolumeShortInformationMessage.newBuilder().setId(info.getId()).setCollection(info.getCollection())
                .setReplicaPlacement(info.getReplicaPlacement()).setVersion(info.getVersion()).setTtl(info.getTtl())
                .setDiskType(info.getDiskType()).build();
    }

    private final class Service extends VolumeServerImplBase {
        @Override
        public void ping(PingRequest request, StreamObserver<PingResponse> answer) {
            answer.onNext(PingResponse.getDefaultInstance());
            answer.onCompleted();
        }

        @Override
        public void allocateVolume(AllocateVolumeRequest request, StreamObserver<AllocateVolumeResponse> answer) {
            world.files().allocated(VolumeMachine.this, request);
            if (random.nextInt(50) == 0) {
                world.history().note(machine + " has no space for volume " + request.getVolumeId());
                answer.onError(Status.UNKNOWN.withDescription("no space left on device").asRuntimeException());
                return;
            }
            VolumeInformationMessage info = VolumeInformationMessage.newBuilder().setId(request.getVolumeId())
                    .setCollection(request.getCollection()).setVersion(request.getVersion())
                    .setReplicaPlacement(ReplicaPlacement.parse(request.getReplication()).toByte())
                    .setDiskType(request.getDiskType()).build();
            store.make(info);
            HeartbeatOfServer known = heartbeat;
            if (known != null) known.tell(beat -> beat.addNewVolumes(brief(info)));
            answer.onNext(AllocateVolumeResponse.getDefaultInstance());
            answer.onCompleted();
        }

        @Override
        public void volumeDelete(VolumeDeleteRequest request, StreamObserver<VolumeDeleteResponse> answer) {
            if (!store.isEmpty(request.getVolumeId())) {
                answer.onError(Status.FAILED_PRECONDITION.withDescription("volume not empty").asRuntimeException());
                return;
            }
            if (store.has(request.getVolumeId())) {
                world.history().note(machine + " removes volume " + request.getVolumeId());
                VolumeInformationMessage info = store.info(request.getVolumeId());
                store.remove(request.getVolumeId());
                HeartbeatOfServer known = heartbeat;
                if (known != null) known.tell(beat -> beat.addDeletedVolumes(brief(info)));
            }
            answer.onNext(VolumeDeleteResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    @Override
    public String toString() {
        return machine.name;
    }
}
