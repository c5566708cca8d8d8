package dev.kelpfs.cli;

import dev.kelpfs.cli.benchmark.BenchmarkCommand;
import dev.kelpfs.cli.command.Command;
import dev.kelpfs.cli.completion.AutocompleteCommand;
import dev.kelpfs.cli.completion.UninstallCommand;
import dev.kelpfs.cli.files.DownloadCommand;
import dev.kelpfs.cli.files.UploadCommand;
import dev.kelpfs.cli.offline.CompactCommand;
import dev.kelpfs.cli.offline.ExportCommand;
import dev.kelpfs.cli.offline.FixCommand;
import dev.kelpfs.cli.scaffold.ScaffoldCommand;
import dev.kelpfs.cli.server.MasterCommand;
import dev.kelpfs.cli.server.MasterFollowerCommand;
import dev.kelpfs.cli.server.ServerCommand;
import dev.kelpfs.cli.server.VolumeCommand;
import dev.kelpfs.cli.shell.ShellCommand;
import dev.kelpfs.cli.version.VersionCommand;
import java.util.List;

/** All sub-commands, in the order in which help lists them. Source: command line, section 5. */
final class Commands {
    private Commands() {}

    static List<Command> all() {
        return List.of(
                new ServerCommand(),
                new MasterCommand(),
                new MasterFollowerCommand(),
                new VolumeCommand(),
                new ShellCommand(),
                new UploadCommand(),
                new DownloadCommand(),
                new BenchmarkCommand(),
                new ScaffoldCommand(),
                new AutocompleteCommand(GlobalFlags.TABLE, Commands::all),
                new UninstallCommand(),
                new FixCommand(),
                new CompactCommand(),
                new ExportCommand(),
                new VersionCommand(),
                new LaterCommand("filer", "names and directories over the file store, by HTTP and gRPC"),
                new LaterCommand("mini", "everything in one process with automatic settings"),
                new LaterCommand("admin", "web administration and maintenance"),
                new LaterCommand("worker", "does maintenance jobs for admin"),
                new LaterCommand("s3", "the S3 interface"),
                new LaterCommand("iam", "a stand-alone IAM interface"),
                new LaterCommand("webdav", "the WebDAV interface"),
                new LaterCommand("sftp", "the SFTP interface"),
                new LaterCommand("mount", "mount a filer as a file system"),
                new LaterCommand("fuse", "mount for mount(8) and fstab"),
                new LaterCommand("mq.broker", "message queue broker"),
                new LaterCommand("mq.agent", "message queue agent"),
                new LaterCommand("mq.kafka.gateway", "message queue for Kafka clients"),
                new LaterCommand("filer.copy", "copy files to a filer"),
                new LaterCommand("filer.cat", "print a file of a filer"),
                new LaterCommand("filer.meta.tail", "watch changes of a filer's names"),
                new LaterCommand("filer.meta.scan", "query past changes of a filer's names"),
                new LaterCommand("backup", "copy one volume incrementally to a local directory"),
                new LaterCommand("filer.backup", "copy a filer's files continuously"),
                new LaterCommand("filer.meta.backup", "copy a filer's names continuously"),
                new LaterCommand("filer.sync", "keep two filers equal in both directions"),
                new LaterCommand("filer.sync.verify", "compare two filers"),
                new LaterCommand("filer.remote.sync", "write local changes back to mounted remote storage"),
                new LaterCommand("filer.remote.gateway", "write changes of buckets back to remote storage"),
                new LaterCommand("filer.replicate", "replicate by a queue"),
                new LaterCommand("update", "replace this program by a newer release"));
    }
}
