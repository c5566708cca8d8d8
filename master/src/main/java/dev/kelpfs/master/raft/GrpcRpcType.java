package dev.kelpfs.master.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * Has the consensus library send its messages by {@link GrpcTransport}. Public with a public constructor, because the
 * library makes it from its class name.
 */
public final class GrpcRpcType implements RpcType {
    private static final String WIRING = "kelp.transport";

    public GrpcRpcType() {}

    /** Parameters by which the library finds its way back to what the transport needs. */
    static Parameters parameters(GrpcTransport.Wiring wiring) {
        Parameters parameters = new Parameters();
        parameters.put(WIRING, wiring, GrpcTransport.Wiring.class);
        return parameters;
    }

    @Override
    public String name() {
        return GrpcRpcType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(this, parameters.getNonNull(WIRING, GrpcTransport.Wiring.class));
    }

    private record Factory(GrpcRpcType type, GrpcTransport.Wiring wiring) implements ServerFactory {
        @Override
        public RpcType getRpcType() {
            return type;
        }

        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return new GrpcTransport(type, server, wiring);
        }
    }
}
