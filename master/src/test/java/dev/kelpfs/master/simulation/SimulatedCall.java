package dev.kelpfs.master.simulation;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call between two processes, seen from both ends. Messages travel as they are. */
final class SimulatedCall<Q, A> extends ClientCall<Q, A> {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(20);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    private final Life client;
    private final Machine target;
    private final History history;
    private final MethodDescriptor<Q, A> method;
    private final CallOptions options;
    private final Network.Flow there;
    private final Network.Flow back;
    private @Nullable Listener<A> listener;
    private VirtualTime.@Nullable Timer limit;
    private @Nullable InOrder inOrder;
    private final List<Consumer<ServerSide>> untilConnected = new ArrayList<>();
    private boolean neverConnected;
    private boolean closed;
    private @Nullable ServerSide server;

    SimulatedCall(
            Life client, Machine target, Network network, History history, MethodDescriptor<Q, A> method, CallOptions options) {
        this.client = client;
        this.target = target;
        this.history = history;
        this.method = method;
        this.options = options;
        this.there = network.flow(client.machine, target);
        this.back = network.flow(target, client.machine);
    }

    /** Runs the steps of one end one after the other, on a thread of its process that may be held up. */
    private static final class InOrder implements Executor {
        private final Life life;
        private final Deque<Runnable> steps = new ArrayDeque<>();
        private boolean running;

        InOrder(Life life) {
            this.life = life;
        }

        @Override
        public void execute(Runnable step) {
            steps.add(step);
            if (running) return;
            running = true;
            life.start(this::work);
        }

        private void work() {
            try {
                Runnable next = steps.poll();
                while (next != null) {
                    next.run();
                    next = steps.poll();
                }
            } finally {
                running = false;
            }
        }
    }

    @Override
    public void start(Listener<A> responses, Metadata headers) {
        listener = responses;
        client.opened(this);
        boolean timed = options.getDeadline() != null;
        limit = client.after(timed ? deadline() : CONNECT_LIMIT, () -> timeIsUp(timed));
        there.send(() -> connect(headers, FIRST_RETRY));
    }

    /** In whole seconds, as all of ours are: the time of the machine that simulates must not matter. */
    private Duration deadline() {
        long nanos = options.getDeadline().timeRemaining(TimeUnit.NANOSECONDS);
        return Duration.ofSeconds(Math.max(1, Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1))));
    }

    private void timeIsUp(boolean isDeadline) {
        if (isDeadline) {
            finish(Status.DEADLINE_EXCEEDED);
            there.send(this::abandon);
        } else if (server == null) {
            neverConnected = true;
            finish(Status.UNAVAILABLE.withCause(new ConnectException("connection timed out: " + target)));
        }
    }

    /** A machine without power answers nothing; then it is asked again, ever more rarely. */
    private void connect(Metadata headers, Duration nextRetry) {
        if (neverConnected) return;
        if (target.vanished) client.after(nextRetry, () -> connect(headers, nextRetry.multipliedBy(2)));
        else arrive(headers);
    }

    private void arrive(Metadata headers) {
        Life life = target.life;
        if (life == null) {
            Status refused = Status.UNAVAILABLE.withDescription("io exception")
                    .withCause(new ConnectException("Connection refused: " + target));
            back.send(() -> ended(refused));
            return;
        }
        ServerMethodDefinition<?, ?> definition = life.method(method.getFullMethodName());
        if (definition == null) {
            back.send(() -> ended(Status.UNIMPLEMENTED.withDescription(method.getFullMethodName())));
            return;
        }
        ServerSide side = new ServerSide(life);
        server = side;
        life.opened(this);
        side.start(definition, headers);
        untilConnected.forEach(step -> step.accept(side));
        untilConnected.clear();
    }

    @Override
    public void request(int count) {}

    @Override
    public void sendMessage(Q message) {
        there.send(() -> toServer(side -> side.message(message)));
    }

    @Override
    public void halfClose() {
        there.send(() -> toServer(ServerSide::halfClosed));
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        finish(Status.CANCELLED.withDescription(message).withCause(cause));
        there.send(this::abandon);
    }

    private void toServer(Consumer<ServerSide> step) {
        if (server != null) step.accept(server);
        else if (!closed) untilConnected.add(step);
    }

    /** Reached the other end, so that neither needs to be told any more if one of them dies. */
    private void abandon() {
        client.closed(this);
        if (server != null) server.cancelled();
        else neverConnected = true;
    }

    /** The process on this machine died, or the connection was cut there: the other side learns it. */
    void resetBy(Machine machine) {
        Status reset = Status.UNAVAILABLE.withDescription("Connection reset by peer");
        if (machine != target) there.reset(this::abandon);
        else back.reset(() -> ended(reset));
    }

    /** The connection breaks at both ends. */
    void cut() {
        resetBy(target);
        resetBy(client.machine);
    }

    /** The other end says that it is over. */
    private void ended(Status status) {
        client.closed(this);
        finish(status);
    }

    private void finish(Status status) {
        if (closed) return;
        closed = true;
        if (limit != null) limit.cancel();
        deliver(responses -> responses.onClose(status, new Metadata()));
    }

    private void deliver(Consumer<Listener<A>> step) {
        Listener<A> responses = listener;
        if (responses == null || client.isDead()) return;
        if (inOrder == null) inOrder = new InOrder(client);
        Executor executor = options.getExecutor();
        // Through a thread of the process in any case, which is held up while the process is paused.
        if (executor == null) inOrder.execute(() -> step.accept(responses));
        else inOrder.execute(() -> executor.execute(() -> step.accept(responses)));
    }

    /** The end that answers. */
    private final class ServerSide extends ServerCall<Q, A> {
        private final Life life;
        private final InOrder steps;
        private ServerCall.@Nullable Listener<Q> handler;
        private boolean cancelled;
        private boolean answered;

        ServerSide(Life life) {
            this.life = life;
            this.steps = new InOrder(life);
        }

        /** What is registered under the name of a method has the types of the method. */
        @SuppressWarnings("unchecked")
        void start(ServerMethodDefinition<?, ?> definition, Metadata headers) {
            ServerCallHandler<Q, A> begin = ((ServerMethodDefinition<Q, A>) definition).getServerCallHandler();
            steps.execute(() -> handler = begin.startCall(this, headers));
        }

        void message(Q message) {
            steps.execute(() -> {
                if (handler != null && !cancelled) handler.onMessage(message);
            });
        }

        void halfClosed() {
            steps.execute(() -> {
                if (handler != null && !cancelled) handler.onHalfClose();
            });
        }

        void cancelled() {
            if (cancelled || answered) return;
            cancelled = true;
            life.closed(SimulatedCall.this);
            steps.execute(() -> {
                if (handler != null) handler.onCancel();
            });
        }

        @Override
        public void request(int count) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(A message) {
            if (life.isDead()) return;
            history.sent(life.machine, message);
            back.send(() -> {
                if (!closed) deliver(responses -> responses.onMessage(message));
            });
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (life.isDead() || answered) return;
            answered = true;
            back.send(() -> {
                life.closed(SimulatedCall.this);
                ended(status);
            });
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public MethodDescriptor<Q, A> getMethodDescriptor() {
            return method;
        }
    }
}
