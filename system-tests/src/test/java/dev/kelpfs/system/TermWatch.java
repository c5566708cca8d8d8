package dev.kelpfs.system;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.net.NamedNetwork;
import dev.kelpfs.wire.kelp.LeaderView;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.kelp.WatchLeaderRequest;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Finds out from outside who assigns in which term: asks a master whether it leads, has it assign, and asks again. One that led
 * in the same term before and after has given the id out itself, because only those that do not lead have others answer.
 */
final class TermWatch implements AutoCloseable {
    private static final long PAUSE_MILLIS = 50;
    private static final long ANSWER_SECONDS = 2;

    private final HttpFiles http;
    private final Supplier<List<String>> masters;
    private final Consumer<HttpFiles.Place> assigned;
    private final Consumer<String> wrong;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime rpc = RpcRuntime.start(1, threads);
    private final RpcChannels channels = new RpcChannels(rpc);
    /** Masters that are being asked: one that hangs must not keep others from being watched. */
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Map<Long, String> assigners = new ConcurrentHashMap<>();

    /**
     * @param assigned told what it had assigned
     * @param wrong told of two masters that assigned in one term
     */
    TermWatch(HttpFiles http, Supplier<List<String>> masters, Consumer<HttpFiles.Place> assigned, Consumer<String> wrong) {
        this.http = http;
        this.masters = masters;
        this.assigned = assigned;
        this.wrong = wrong;
    }

    void start() {
        threads.execute(() -> {
            try {
                while (true) {
                    for (String master : masters.get()) {
                        if (busy.add(master)) threads.execute(() -> ask(master));
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void ask(String master) {
        try {
            Optional<Long> term = termOf(master);
            if (term.isEmpty()) return;
            Optional<HttpFiles.Place> place = http.tryAssign(master);
            place.ifPresent(assigned);
            if (place.isEmpty() || !termOf(master).equals(term)) return;
            String before = assigners.putIfAbsent(term.get(), master);
            if (before != null && !before.equals(master)) {
                wrong.accept(before + " and " + master + " both assigned in term " + term.get());
            }
        } catch (IOException | StatusRuntimeException away) {
            // It is dead, paused or on the other side of a cut; the next round asks again.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            busy.remove(master);
        }
    }

    /** The term in which a master leads; nothing if it does not. */
    private Optional<Long> termOf(String master) {
        ServerAddress reached = ServerAddress.parse(NamedNetwork.reach(master));
        Context.CancellableContext call = Context.current().withCancellation();
        Context before = call.attach();
        try {
            LeaderView view = MastersGrpc.newBlockingStub(channels.to(reached))
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .watchLeader(WatchLeaderRequest.getDefaultInstance())
                    .next();
            boolean leads = !view.getLeader().isEmpty() && ServerAddress.parse(view.getLeader()).http().equals(master);
            return leads ? Optional.of(view.getTerm()) : Optional.empty();
        } finally {
            call.detach(before);
            call.cancel(null);
        }
    }

    @Override
    public void close() {
        channels.close();
        threads.shutdownNow();
        rpc.close();
    }
}
