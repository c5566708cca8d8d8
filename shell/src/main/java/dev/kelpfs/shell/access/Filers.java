package dev.kelpfs.shell.access;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.filer.SeaweedFilerGrpc;
import dev.kelpfs.wire.filer.SeaweedFilerGrpc.SeaweedFilerBlockingStub;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks filers. Safe for all threads; every call blocks. */
public final class Filers {
    private final RpcChannels channels;

    public Filers(RpcChannels channels) {
        this.channels = channels;
    }

    /**
     * Asks one filer.
     *
     * @param what the question, for messages
     * @throws AccessException if it refuses or does not answer in time
     */
    public <A> A ask(String what, ServerAddress filer, Duration longest, Function<SeaweedFilerBlockingStub, A> question)
            throws AccessException {
        try {
            channels.to(filer).resetConnectBackoff();
            return question.apply(SeaweedFilerGrpc.newBlockingStub(channels.to(filer))
                    .withDeadlineAfter(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException failed) {
            throw AccessException.of(what, "filer " + filer, failed);
        }
    }
}
