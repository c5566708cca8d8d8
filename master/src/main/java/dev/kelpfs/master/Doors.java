package dev.kelpfs.master;

import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.Routes;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.master.follow.GrpcForward;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.rpc.KelpPeer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;

/**
 * Sends every request to what answers it now: to the leader's parts while this master leads, else to those of a master that
 * does not. What must not be answered by a leader that was replaced without noticing needs its lease.
 */
final class Doors {
    /** Calls that give out what another leader could give out too, or decide on what it knows better. */
    private static final Set<String> NEED_LEASE = Set.of("Assign", "StreamAssign", "VolumeGrow", "CollectionDelete", "LeaseAdminToken");
    private static final Set<String> PATHS_WITH_LEASE = Set.of("/dir/assign", "/vol/grow", "/col/delete", "/submit");
    /** What every master answers itself, even if another one asks. */
    private static final Set<String> OWN = Set.of("Ping", "GetMasterConfiguration", "SendHeartbeat", "KeepConnected");

    private static final String OF_ALL = "RaftListClusterServers";
    private static final Set<String> OF_MEMBERS = Set.of("RaftAddServer", "RaftRemoveServer", "RaftLeadershipTransfer");

    private final StateLog log;
    private final Terms terms;
    private final ServerServiceDefinition followerGrpc;
    private final ServerServiceDefinition membership;
    private final Routes followerHttp;
    private final WhiteList whiteList;

    /** @param membership answers {@link #OF_ALL} at every master, and {@link #OF_MEMBERS} at the leader */
    Doors(
            StateLog log, Terms terms, ServerServiceDefinition followerGrpc, Routes followerHttp, WhiteList whiteList,
            ServerServiceDefinition membership) {
        this.whiteList = whiteList;
        this.membership = membership;
        this.log = log;
        this.terms = terms;
        this.followerGrpc = followerGrpc;
        this.followerHttp = followerHttp;
    }

    Routes http() {
        return Routes.builder().fallback(this::handle).build();
    }

    private void handle(Exchange exchange) throws Exception {
        LeaderTerm term = terms.current();
        boolean here = term != null && (log.holdsLease() || !PATHS_WITH_LEASE.contains(exchange.request().path()));
        if (here) term.http.handle(exchange);
        // Without its lease the request waits as it would without a leader: a moment later the others answer, or one of them leads.
        else followerHttp.handle(exchange);
    }

    ServerServiceDefinition grpc() {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(followerGrpc.getServiceDescriptor());
        for (ServerMethodDefinition<?, ?> method : followerGrpc.getMethods()) addSwitch(service, method);
        return service.build();
    }

    private <Q, A> void addSwitch(ServerServiceDefinition.Builder service, ServerMethodDefinition<Q, A> follower) {
        MethodDescriptor<Q, A> descriptor = follower.getMethodDescriptor();
        String name = descriptor.getFullMethodName();
        boolean needsLease = NEED_LEASE.contains(String.valueOf(descriptor.getBareMethodName()));
        boolean own = OWN.contains(String.valueOf(descriptor.getBareMethodName()));
        if (OF_ALL.equals(descriptor.getBareMethodName())) {
            service.addMethod(descriptor, Doors.<Q, A>handler(membership, name));
            return;
        }
        boolean ofMembers = OF_MEMBERS.contains(String.valueOf(descriptor.getBareMethodName()));
        service.addMethod(descriptor, new ServerCallHandler<>() {
            @Override
            public ServerCall.Listener<Q> startCall(ServerCall<Q, A> call, Metadata headers) {
                if (ofMembers && !isAdmitted(call)) {
                    call.close(Status.PERMISSION_DENIED.withDescription("this address is not on the white list"), new Metadata());
                    return new ServerCall.Listener<>() { };
                }
                LeaderTerm term = terms.current();
                if (term != null && ofMembers) return Doors.<Q, A>handler(membership, name).startCall(call, headers);
                if (term != null && (!needsLease || log.holdsLease())) {
                    return KelpPeer.begin(call, headers, Doors.<Q, A>handler(term.grpc, name));
                }
                if (!own && headers.containsKey(GrpcForward.FORWARDED)) {
                    call.close(Status.UNAVAILABLE.withDescription(GrpcForward.NOT_LEADER), new Metadata());
                    return new ServerCall.Listener<>() { };
                }
                return follower.getServerCallHandler().startCall(call, headers);
            }
        });
    }

    private boolean isAdmitted(ServerCall<?, ?> call) {
        SocketAddress caller = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return whiteList.admitsAll() || caller instanceof InetSocketAddress ip && whiteList.admits(ip.getAddress());
    }

    /** All definitions are of one service, so a name has the same types in each. */
    @SuppressWarnings("unchecked")
    private static <Q, A> ServerCallHandler<Q, A> handler(ServerServiceDefinition service, String name) {
        return (ServerCallHandler<Q, A>) service.getMethod(name).getServerCallHandler();
    }
}
