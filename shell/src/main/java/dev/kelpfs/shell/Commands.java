package dev.kelpfs.shell;

import dev.kelpfs.shell.cluster.ClusterCheckCommand;
import dev.kelpfs.shell.cluster.ClusterPsCommand;
import dev.kelpfs.shell.collection.CollectionDeleteCommand;
import dev.kelpfs.shell.collection.CollectionListCommand;
import dev.kelpfs.shell.command.ShellCommand;
import dev.kelpfs.shell.raft.RaftAddCommand;
import dev.kelpfs.shell.raft.RaftPsCommand;
import dev.kelpfs.shell.raft.RaftRemoveCommand;
import dev.kelpfs.shell.raft.RaftTransferLeaderCommand;
import dev.kelpfs.shell.session.LockCommand;
import dev.kelpfs.shell.session.SleepCommand;
import dev.kelpfs.shell.session.UnlockCommand;
import dev.kelpfs.shell.volume.VolumeDeleteCommand;
import dev.kelpfs.shell.volume.VolumeListCommand;
import dev.kelpfs.shell.volume.VolumeMarkCommand;
import dev.kelpfs.shell.volume.VolumeVacuumCommand;
import java.util.List;

/** All commands, by name. Source: admin shell, section 3. */
final class Commands {
    private Commands() {}

    static List<ShellCommand> all() {
        return List.of(
                new ClusterCheckCommand(),
                new ClusterPsCommand(),
                new RaftAddCommand(),
                new RaftPsCommand(),
                new RaftRemoveCommand(),
                new RaftTransferLeaderCommand(),
                new CollectionDeleteCommand(),
                new CollectionListCommand(),
                new LockCommand(),
                new SleepCommand(),
                new UnlockCommand(),
                new VolumeDeleteCommand(),
                new VolumeListCommand(),
                new VolumeMarkCommand(),
                new VolumeVacuumCommand());
    }
}
