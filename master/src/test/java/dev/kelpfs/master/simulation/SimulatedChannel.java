package dev.kelpfs.master.simulation;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.concurrent.TimeUnit;

/** The way of one process to the gRPC port of a machine. It connects for every call, so it has no state. */
final class SimulatedChannel extends ManagedChannel {
    private final Life client;
    private final Machine target;
    private final Network network;
    private final History history;

    private SimulatedChannel(Life client, Machine target, Network network, History history) {
        this.client = client;
        this.target = target;
        this.network = network;
        this.history = history;
    }

    /** All channels of a process. */
    static RpcChannels of(Life client, Network network, History history) {
        return new RpcChannels((ServerAddress server) -> new SimulatedChannel(client, network.at(server.grpc()), network, history));
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return new SimulatedCall<>(client, target, network, history, method, options);
    }

    @Override
    public String authority() {
        return target.name;
    }

    @Override
    public ConnectivityState getState(boolean requestConnection) {
        return ConnectivityState.IDLE;
    }

    @Override
    public ManagedChannel shutdown() {
        return this;
    }

    @Override
    public ManagedChannel shutdownNow() {
        return this;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
