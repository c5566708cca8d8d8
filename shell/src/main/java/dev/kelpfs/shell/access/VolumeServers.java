package dev.kelpfs.shell.access;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import dev.kelpfs.wire.volume.VolumeServerGrpc.VolumeServerBlockingStub;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks volume servers. Safe for all threads; every call blocks. */
public final class VolumeServers {
    private final RpcChannels channels;

    public VolumeServers(RpcChannels channels) {
        this.channels = channels;
    }

    /**
     * Asks one server.
     *
     * @param what the question, for messages
     * @throws AccessException if it refuses or does not answer in time
     */
    public <A> A ask(
            String what, ServerAddress server, Duration longest, Function<VolumeServerBlockingStub, A> question)
            throws AccessException {
        try {
            channels.to(server).resetConnectBackoff();
            return question.apply(VolumeServerGrpc.newBlockingStub(channels.to(server))
                    .withDeadlineAfter(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException failed) {
            throw AccessException.of(what, "volume server " + server, failed);
        }
    }
}
