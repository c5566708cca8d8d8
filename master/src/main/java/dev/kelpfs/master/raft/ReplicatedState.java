package dev.kelpfs.master.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.SnapshotFile;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;

/**
 * The masters' state behind the library's log. The library applies entries, takes and installs snapshots by one thread;
 * readers come from all.
 */
final class ReplicatedState extends BaseStateMachine {
    private final Disk disk;
    private final Runnable onStanding;
    private final Consumer<String> onFailure;
    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

    private final ReentrantLock guard = new ReentrantLock();
    /** Guarded by {@link #guard}. */
    private MasterState state = new MasterState();
    /** A command of a newer release was met: applying anything after it would be another state. Library's thread only. */
    private boolean stuck;

    /** What applying came to, handed to the proposer in the same process as it is. */
    private record AppliedMessage(Applied applied) implements Message {
        @Override
        public ByteString getContent() {
            return ByteString.EMPTY;
        }
    }

    /**
     * @param onStanding called when who leads may have changed; must be quick
     * @param onFailure told why nothing can be applied any more
     */
    ReplicatedState(Disk disk, Runnable onStanding, Consumer<String> onFailure) {
        this.disk = disk;
        this.onStanding = onStanding;
        this.onFailure = onFailure;
    }

    <T> T read(Function<MasterState, T> reader) {
        guard.lock();
        try {
            return reader.apply(state);
        } finally {
            guard.unlock();
        }
    }

    /** What a proposer is told about its command. */
    static Applied applied(Message reply) {
        if (reply instanceof AppliedMessage(var applied)) return applied;
        throw new IllegalStateException("the log answered with something else than the state machine gave: " + reply);
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage) throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        super.initialize(server, groupId, raftStorage);
        storage.init(raftStorage);
        load();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    /** A snapshot of the leader was put in place of what is here. */
    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        load();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
        onStanding.run();
    }

    private void load() throws IOException {
        SingleFileSnapshotInfo snapshot = storage.loadLatestSnapshot();
        if (snapshot == null) return;
        MasterState loaded = MasterState.restore(SnapshotFile.read(disk, snapshot.getFile().getPath()));
        guard.lock();
        try {
            state = loaded;
        } finally {
            guard.unlock();
        }
        setLastAppliedTermIndex(snapshot.getTermIndex());
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        Applied applied;
        try {
            if (stuck) throw new IOException("an earlier command could not be applied");
            MasterCommand command = MasterCommand.parseFrom(entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
            guard.lock();
            try {
                applied = state.apply(state.appliedIndex() + 1, command);
            } finally {
                guard.unlock();
            }
        } catch (InvalidProtocolBufferException unreadable) {
            return fail("entry " + entry.getIndex() + " of the log is no command: " + unreadable.getMessage(), unreadable);
        } catch (IOException newer) {
            return fail(String.valueOf(newer.getMessage()), newer);
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        return CompletableFuture.completedFuture(new AppliedMessage(applied));
    }

    private CompletableFuture<Message> fail(String reason, Exception cause) {
        stuck = true;
        onFailure.accept(reason);
        return CompletableFuture.failedFuture(cause);
    }

    @Override
    public long takeSnapshot() throws IOException {
        if (stuck) throw new IOException("an entry of the log could not be applied");
        TermIndex last = getLastAppliedTermIndex();
        MasterSnapshot snapshot = read(MasterState::snapshot);
        File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
        SnapshotFile.write(disk, file.toPath(), snapshot);
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(
                new FileInfo(file.toPath(), MD5FileUtil.computeAndSaveMd5ForFile(file)), last));
        return last.getIndex();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId group, RaftPeerId leader) {
        onStanding.run();
    }

    @Override
    public void notifyLeaderReady() {
        onStanding.run();
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
        onFailure.accept("the log cannot be written: " + cause);
    }
}
