package dev.kelpfs.master.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link StateLog} must do, whoever keeps it. Subclasses say how it is opened and what breaks its disk. */
public abstract class StateLogContract {
    protected static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MANY = 3000;
    /** More than any log lets wait. */
    private static final int FLOOD = 20_000;
    /** Those that are kept, and one that is being made. */
    private static final int MOST_SNAPSHOTS = 3;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int MOST_LARGE = 100;

    /** Opens what is closed, and returns the log at the master that leads. */
    protected abstract StateLog open() throws Exception;

    /** Closes what is open. */
    protected abstract void closeAll() throws Exception;

    /** So many commands are never without a snapshot. */
    protected abstract int commandsBetweenSnapshots();

    /** How many lie on the disk of the one that was opened last. */
    protected abstract int snapshots() throws Exception;

    /** From now on the log that was opened last cannot be written, at the latest after some {@value #LARGE_BYTES} bytes. */
    protected abstract void breakDisk() throws Exception;

    protected abstract void mendDisk() throws Exception;

    @AfterEach
    void close() throws Exception {
        closeAll();
    }

    @Test
    void commandsAreAppliedInTheOrderInWhichTheyWereProposed() throws Exception {
        StateLog log = open();
        List<CompletableFuture<Applied>> results = new ArrayList<>();
        for (int i = 0; i < MANY; i++) results.add(log.propose(Commands.reserveKeys(1, 0)));
        for (int i = 0; i < MANY; i++) assertThat(get(results.get(i))).isEqualTo(new Applied.KeysReserved(i + 1, 1));
        assertThat(log.read(MasterState::highestKey)).isEqualTo(MANY);
    }

    @Test
    void whatWasCommittedIsTheSameStateAfterEveryRestart() throws Exception {
        RandomGenerator random = Seed.announced("StateLogContract").random();
        MasterState expected = new MasterState();
        for (int life = 0; life < 3; life++) {
            StateLog log = open();
            assertThat(log.read(MasterState::snapshot)).isEqualTo(expected.snapshot());
            for (int i = 0; i < 100; i++) {
                MasterCommand command = RandomCommands.next(random);
                assertThat(get(log.propose(command))).isEqualTo(expected.apply(expected.appliedIndex() + 1, command));
            }
            assertThat(log.read(MasterState::snapshot)).isEqualTo(expected.snapshot());
            closeAll();
        }
    }

    @Test
    void snapshotsAreMadeAreFewAndKeepTheState() throws Exception {
        MasterSnapshot last = new MasterState().snapshot();
        for (int life = 0; life < 3; life++) {
            StateLog log = open();
            assertThat(log.read(MasterState::snapshot)).isEqualTo(last);
            for (int i = 0; i < commandsBetweenSnapshots(); i += MANY) keys(log, MANY);
            last = log.read(MasterState::snapshot);
            Await.until("there is a snapshot", LIMIT, () -> snapshots() > 0);
            assertThat(snapshots()).isLessThanOrEqualTo(MOST_SNAPSHOTS);
            closeAll();
        }
        assertThat(open().read(MasterState::snapshot)).isEqualTo(last);
    }

    @Test
    void whoListensIsToldTheStandingNowAndEveryChangeOfIt() throws Exception {
        StateLog log = open();
        List<Leadership> seen = Collections.synchronizedList(new ArrayList<>());
        log.onLeadership(seen::add);
        assertThat(seen).containsExactly(log.leadership());
        assertThat(log.leadership()).isInstanceOf(Leadership.Leading.class);
        Await.until("who leads holds the lease", LIMIT, log::holdsLease);
        long term = log.leadership().term();
        assertThat(term).isPositive();
        log.close();
        assertThat(seen.getLast()).isEqualTo(log.leadership()).isInstanceOf(Leadership.Failed.class);
        assertThat(((Leadership.Failed) seen.getLast()).reason()).contains("stopping");
        assertThat(seen).isSortedAccordingTo((one, next) -> Long.compare(one.term(), next.term())).doesNotHaveDuplicates();
        assertThat(open().leadership().term()).isGreaterThanOrEqualTo(term);
    }

    @Test
    void afterTheEndEverythingIsRefusedAndTheStateIsReadStill() throws Exception {
        StateLog log = open();
        get(log.propose(Commands.reserveKeys(7, 0)));
        log.close();
        assertThatThrownBy(() -> get(log.propose(Commands.reserveKeys(1, 0)))).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NotCommittedException.class);
        assertThat(log.read(MasterState::highestKey)).isEqualTo(7);
        assertThat(open().read(MasterState::highestKey)).isEqualTo(7);
    }

    @Test
    void whatIsProposedDuringTheEndIsCommittedOrRefusedAndNeverForgotten() throws Exception {
        StateLog log = open();
        AtomicLong highest = new AtomicLong();
        List<Thread> proposers = new ArrayList<>();
        List<CompletableFuture<Applied>> results = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 2; i++) {
            proposers.add(Thread.ofVirtual().start(() -> {
                while (true) {
                    CompletableFuture<Applied> result = log.propose(Commands.reserveKeys(1, 0));
                    results.add(result);
                    try {
                        highest.accumulateAndGet(((Applied.KeysReserved) get(result)).first(), Math::max);
                    } catch (Exception refused) {
                        return;
                    }
                }
            }));
        }
        Await.until("some are committed", LIMIT, () -> highest.get() > 20);
        log.close();
        for (Thread proposer : proposers) assertThat(proposer.join(LIMIT)).as("every proposal has its answer").isTrue();
        for (CompletableFuture<Applied> result : results) {
            if (result.isCompletedExceptionally()) assertThat(result.exceptionNow()).isInstanceOf(NotCommittedException.class);
        }
        assertThat(open().read(MasterState::highestKey)).isGreaterThanOrEqualTo(highest.get());
    }

    @Test
    void aFloodIsTakenInPartAndTheLogGoesOn() throws Exception {
        StateLog log = open();
        List<CompletableFuture<Applied>> results = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) results.add(log.propose(Commands.reserveKeys(1, 0)));
        long taken = 0;
        for (CompletableFuture<Applied> result : results) {
            try {
                assertThat(get(result)).isEqualTo(new Applied.KeysReserved(++taken, 1));
            } catch (ExecutionException refused) {
                assertThat(refused).hasCauseInstanceOf(NotCommittedException.class);
            }
        }
        assertThat(taken).isPositive();
        assertThat(log.read(MasterState::highestKey)).isEqualTo(taken);
        assertThat(get(log.propose(Commands.reserveKeys(1, 0)))).isEqualTo(new Applied.KeysReserved(taken + 1, 1));
    }

    @Test
    void aCommandThatIsTooLargeIsRefusedAndTheLogGoesOn() throws Exception {
        StateLog log = open();
        get(log.propose(Commands.foundCluster("c")));
        assertThat(get(log.propose(ofBytes(StateLog.MAX_COMMAND_BYTES)))).isEqualTo(new Applied.Founded("c"));
        assertThatThrownBy(() -> get(log.propose(ofBytes(StateLog.MAX_COMMAND_BYTES + 1)))).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NotCommittedException.class)
                .hasMessageContaining(Integer.toString(StateLog.MAX_COMMAND_BYTES))
                .hasMessageContaining(Integer.toString(StateLog.MAX_COMMAND_BYTES + 1));
        assertThat(get(log.propose(Commands.reserveKeys(1, 0)))).isEqualTo(new Applied.KeysReserved(1, 1));
        closeAll();
        assertThat(open().read(MasterState::clusterId)).isEqualTo("c");
    }

    @Test
    void afterAFailedWriteNothingIsCommittedAnyMoreAndItIsSaid() throws Exception {
        StateLog log = open();
        List<Leadership> seen = Collections.synchronizedList(new ArrayList<>());
        log.onLeadership(seen::add);
        get(log.propose(Commands.foundCluster("c")));
        get(log.propose(Commands.reserveKeys(7, 0)));
        breakDisk();
        assertThatThrownBy(() -> {
            for (int i = 0; i < MOST_LARGE; i++) get(log.propose(ofBytes(LARGE_BYTES)));
        }).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(NotCommittedException.class).message().isNotBlank();
        Await.until("the failure is said", LIMIT, () -> seen.getLast() instanceof Leadership.Failed(_, var reason) && !reason.isBlank());
        assertThat(log.leadership()).isEqualTo(seen.getLast());
        assertThatThrownBy(() -> get(log.propose(Commands.reserveKeys(1, 0)))).hasCauseInstanceOf(NotCommittedException.class);
        assertThat(log.read(MasterState::highestKey)).isEqualTo(7);
        log.close();
        mendDisk();
        assertThat(open().read(MasterState::highestKey)).isEqualTo(7);
    }

    /** Reserves one key so many times. */
    private static void keys(StateLog log, int count) throws Exception {
        List<CompletableFuture<Applied>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) results.add(log.propose(Commands.reserveKeys(1, 0)));
        for (CompletableFuture<Applied> result : results) get(result);
    }

    /** A command of so many bytes that changes nothing in a cluster that is founded. */
    private static MasterCommand ofBytes(int bytes) {
        int around = Commands.foundCluster("x".repeat(bytes)).getSerializedSize() - bytes;
        MasterCommand command = Commands.foundCluster("x".repeat(bytes - around));
        assertThat(command.getSerializedSize()).isEqualTo(bytes);
        return command;
    }

    private static Applied get(CompletableFuture<Applied> result) throws Exception {
        return result.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
