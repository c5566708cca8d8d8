package dev.kelpfs.master.raft;

import dev.kelpfs.master.state.StateLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Our settings in the words of the consensus library. */
final class RaftProperties {
    /** A snapshot bounds the log and the time that a restart takes. */
    private static final long ENTRIES_BETWEEN_SNAPSHOTS = 4096;
    private static final int SNAPSHOTS_KEPT = 2;
    private static final long ENTRIES_KEPT_FOR_FOLLOWERS = 1024;
    /** A command and what the library puts around it. */
    private static final int LARGEST_ENTRY_BYTES = StateLog.MAX_COMMAND_BYTES + (64 << 10);
    /** What the library asks its buffer to have beyond an entry. */
    private static final int ENTRY_OVERHEAD_BYTES = 8;
    private static final String SEGMENT = "8MB";
    private static final String PREALLOCATED = "64KB";

    private RaftProperties() {}

    static org.apache.ratis.conf.RaftProperties of(RaftSettings settings) {
        var properties = new org.apache.ratis.conf.RaftProperties();
        properties.set("raft.rpc.type", GrpcRpcType.class.getName());
        RaftServerConfigKeys.setStorageDir(properties, List.of(settings.directory().toFile()));
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(settings.election().shortest()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(settings.election().longest()));
        boolean alone = settings.alone();
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
                properties, time(alone ? Duration.ofMillis(1) : settings.election().shortest()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, time(alone ? Duration.ofMillis(2) : settings.election().longest()));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, true);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, ENTRIES_BETWEEN_SNAPSHOTS);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, SNAPSHOTS_KEPT);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, ENTRIES_KEPT_FOR_FOLLOWERS);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(SEGMENT));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(PREALLOCATED));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(LARGEST_ENTRY_BYTES));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(LARGEST_ENTRY_BYTES + ENTRY_OVERHEAD_BYTES));
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, true);
        return properties;
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
