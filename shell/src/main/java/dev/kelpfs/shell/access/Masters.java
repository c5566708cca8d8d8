package dev.kelpfs.shell.access;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.wire.kelp.ClusterHealth;
import dev.kelpfs.wire.kelp.HealthRequest;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the master that leads. Which one that is, any master tells; when it changes, the new one is looked for as long as
 * the patience lasts. Safe for all threads; every call blocks.
 */
public final class Masters {
    /** For calls that only look something up. */
    public static final Duration SHORT = Duration.ofSeconds(10);
    /** For calls in which the master does work on volume servers. */
    public static final Duration LONG = Duration.ofHours(12);

    private static final Duration QUESTION = Duration.ofSeconds(3);
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(500);
    private static final String NOT_LEADER = "Not current leader";

    private final List<ServerAddress> known;
    private final RpcChannels channels;
    private final Ticker ticker;
    private final Pause pause;
    private final Duration patience;

    /** Written by whoever found it; a stale value costs one try. */
    private volatile @Nullable ServerAddress leader;

    /** @param patience how long a leader is looked for */
    public Masters(List<ServerAddress> known, RpcChannels channels, Ticker ticker, Pause pause, Duration patience) {
        this.known = List.copyOf(known);
        this.channels = channels;
        this.ticker = ticker;
        this.pause = pause;
        this.patience = patience;
    }

    /** The masters that were given at the start. */
    public List<ServerAddress> known() {
        return known;
    }

    /** The master that leads now. */
    public ServerAddress leader() throws AccessException {
        ask("who leads", SHORT, stub -> stub.getMasterConfiguration(GetMasterConfigurationRequest.getDefaultInstance()));
        ServerAddress found = leader;
        if (found == null) throw noLeader(null);
        return found;
    }

    /**
     * Asks the leader; a question that may be repeated without harm.
     *
     * @param what the question, for messages
     * @param longest how long one try may take
     * @throws AccessException if it refuses, or no leader is found
     */
    public <A> A ask(String what, Duration longest, Function<SeaweedBlockingStub, A> question) throws AccessException {
        long startNanos = ticker.nanos();
        StatusRuntimeException last = null;
        while (true) {
            Optional<ServerAddress> found = find();
            if (found.isPresent()) {
                try {
                    return once(found.get(), longest, question);
                } catch (StatusRuntimeException failed) {
                    boolean elsewhere = failed.getStatus().getCode() == Status.Code.UNAVAILABLE || isNotLeader(failed);
                    if (!elsewhere) throw AccessException.of(what, "master " + found.get(), failed);
                    last = failed;
                    leader = null;
                }
            }
            if (ticker.since(startNanos).compareTo(patience) >= 0) throw noLeader(last);
            sleep();
        }
    }

    /** Asks the leader once, without looking for another. */
    <A> A askOnce(String what, Duration longest, Function<SeaweedBlockingStub, A> question) throws AccessException {
        ServerAddress master = find().orElseThrow(() -> noLeader(null));
        try {
            return once(master, longest, question);
        } catch (StatusRuntimeException failed) {
            leader = null;
            throw AccessException.of(what, "master " + master, failed);
        }
    }

    /** Asks one master, whether or not it leads. */
    public <A> A askThis(String what, ServerAddress master, Duration longest, Function<SeaweedBlockingStub, A> question)
            throws AccessException {
        try {
            return once(master, longest, question);
        } catch (StatusRuntimeException failed) {
            throw AccessException.of(what, "master " + master, failed);
        }
    }

    /** What one master says is wrong, the leader most of it; empty from a master of the reference, which does not say. */
    public Optional<ClusterHealth> health(ServerAddress master) throws AccessException {
        channels.to(master).resetConnectBackoff();
        try {
            return Optional.of(MastersGrpc.newBlockingStub(channels.to(master))
                    .withDeadlineAfter(QUESTION.toMillis(), TimeUnit.MILLISECONDS).health(HealthRequest.getDefaultInstance()));
        } catch (StatusRuntimeException failed) {
            if (failed.getStatus().getCode() == Status.Code.UNIMPLEMENTED) return Optional.empty();
            throw AccessException.of("health", "master " + master, failed);
        }
    }

    private <A> A once(ServerAddress master, Duration longest, Function<SeaweedBlockingStub, A> question) {
        channels.to(master).resetConnectBackoff();
        return question.apply(SeaweedGrpc.newBlockingStub(channels.to(master))
                .withDeadlineAfter(longest.toMillis(), TimeUnit.MILLISECONDS));
    }

    private Optional<ServerAddress> find() {
        ServerAddress before = leader;
        if (before != null) return Optional.of(before);
        for (ServerAddress master : known) {
            try {
                String named = once(master, QUESTION,
                        stub -> stub.getMasterConfiguration(GetMasterConfigurationRequest.getDefaultInstance())).getLeader();
                if (named.isEmpty()) continue;
                // A leader that goes by another name than the one it is known by here is reached by the latter.
                ServerAddress found = ServerAddress.parse(named);
                boolean only = known.size() == 1 && found.httpPort() == master.httpPort();
                leader = only ? master : found;
                return Optional.of(only ? master : found);
            } catch (StatusRuntimeException | IllegalArgumentException next) {
                // The others may know.
            }
        }
        return Optional.empty();
    }

    private AccessException noLeader(@Nullable StatusRuntimeException last) {
        String reason = last == null ? "" : ", the last one said: " + StatusLine.of(last.getStatus());
        return new AccessException("no master of " + known + " leads or names a leader" + reason
                + "; check that the masters run, and -master", Status.Code.UNAVAILABLE, last);
    }

    private void sleep() throws AccessException {
        try {
            pause.of(BETWEEN_ROUNDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AccessException("interrupted", Status.Code.CANCELLED, stopped);
        }
    }

    private static boolean isNotLeader(StatusRuntimeException failed) {
        return String.valueOf(failed.getStatus().getDescription()).contains(NOT_LEADER);
    }
}
