package dev.kelpfs.master.rpc;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.founding.MemberChanges;
import dev.kelpfs.wire.master.RaftAddServerRequest;
import dev.kelpfs.wire.master.RaftAddServerResponse;
import dev.kelpfs.wire.master.RaftLeadershipTransferRequest;
import dev.kelpfs.wire.master.RaftLeadershipTransferResponse;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import dev.kelpfs.wire.master.RaftListClusterServersResponse;
import dev.kelpfs.wire.master.RaftListClusterServersResponse.ClusterServers;
import dev.kelpfs.wire.master.RaftRemoveServerRequest;
import dev.kelpfs.wire.master.RaftRemoveServerResponse;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Who the masters are, and changes of that; the part of {@code master_pb.Seaweed} that every master has. A member is named by
 * its HTTP or gRPC address. Source: master, section 8.6. Safe for all threads; changes wait.
 */
public final class MembershipService extends SeaweedImplBase {
    private final Standing standing;
    private final Supplier<List<ServerAddress>> members;
    private final MemberChanges changes;

    public MembershipService(Standing standing, Supplier<List<ServerAddress>> members, MemberChanges changes) {
        this.standing = standing;
        this.members = members;
        this.changes = changes;
    }

    @Override
    public void raftListClusterServers(
            RaftListClusterServersRequest request, StreamObserver<RaftListClusterServersResponse> answer) {
        RaftListClusterServersResponse.Builder list = RaftListClusterServersResponse.newBuilder();
        for (ServerAddress member : members.get()) {
            list.addClusterServers(ClusterServers.newBuilder()
                    .setId(member.withBothPorts())
                    .setAddress(member.grpc())
                    .setSuffrage("Voter")
                    .setIsLeader(standing.leader().filter(member::isSameServer).isPresent()));
        }
        answer.onNext(list.build());
        answer.onCompleted();
    }

    /** One change; its failure is told in full. */
    @FunctionalInterface
    private interface Change<A> {
        A make() throws IOException, InterruptedException;
    }

    @Override
    public void raftAddServer(RaftAddServerRequest request, StreamObserver<RaftAddServerResponse> answer) {
        make(answer, () -> {
            changes.add(member(request.getId(), request.getAddress()));
            return RaftAddServerResponse.getDefaultInstance();
        });
    }

    @Override
    public void raftRemoveServer(RaftRemoveServerRequest request, StreamObserver<RaftRemoveServerResponse> answer) {
        make(answer, () -> {
            changes.remove(member(request.getId(), ""));
            return RaftRemoveServerResponse.getDefaultInstance();
        });
    }

    @Override
    public void raftLeadershipTransfer(
            RaftLeadershipTransferRequest request, StreamObserver<RaftLeadershipTransferResponse> answer) {
        make(answer, () -> {
            String before = standing.leader().map(ServerAddress::withBothPorts).orElse("");
            boolean any = request.getTargetId().isEmpty() && request.getTargetAddress().isEmpty();
            ServerAddress next = any ? changes.transfer()
                    : changes.transferTo(member(request.getTargetId(), request.getTargetAddress()));
            return RaftLeadershipTransferResponse.newBuilder().setPreviousLeader(before).setNewLeader(next.withBothPorts()).build();
        });
    }

    private static <A> void make(StreamObserver<A> answer, Change<A> change) {
        try {
            A done = change.make();
            answer.onNext(done);
            answer.onCompleted();
        } catch (IOException | IllegalStateException refused) {
            answer.onError(Status.FAILED_PRECONDITION.withDescription(String.valueOf(refused.getMessage())).asRuntimeException());
        } catch (IllegalArgumentException unreadable) {
            answer.onError(Status.INVALID_ARGUMENT.withDescription(String.valueOf(unreadable.getMessage())).asRuntimeException());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            answer.onError(Status.UNAVAILABLE.withDescription("this master is stopping").asRuntimeException());
        }
    }

    /** By its id, which is its HTTP address; or by its gRPC address, alone in the usual distance of the HTTP port. */
    private static ServerAddress member(String id, String grpcAddress) {
        if (id.isEmpty() && grpcAddress.isEmpty()) throw new IllegalArgumentException("a master is named by its id or its address");
        if (grpcAddress.isEmpty()) return ServerAddress.parse(id);
        // With both ports the same, as any port is good for gRPC.
        ServerAddress grpc = ServerAddress.parse(grpcAddress + "." + grpcAddress.substring(grpcAddress.lastIndexOf(':') + 1));
        if (id.isEmpty()) return new ServerAddress(grpc.host(), grpc.grpcPort() - ServerAddress.GRPC_PORT_DISTANCE, grpc.grpcPort());
        ServerAddress named = ServerAddress.parse(id);
        return new ServerAddress(named.host(), named.httpPort(), grpc.grpcPort());
    }
}
